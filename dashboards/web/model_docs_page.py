"""The models' documentation as a page of the web application, beside the dashboards and behind the same door."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from orchestration.errors import GuatuError
from orchestration.model_docs import model_docs_in_child
from orchestration.settings import get_settings

PATH = "/model-docs"


async def _page(_request: Request) -> Response:
    try:
        path = await to_thread.run_sync(model_docs_in_child, get_settings())
    except GuatuError as error:
        return PlainTextResponse(error.message_zh, status_code=500)
    return FileResponse(path, media_type="text/html")


def routes() -> list[Route]:
    return [Route(PATH, _page, methods=["GET"])]

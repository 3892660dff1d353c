"""公文与附表:由已发布的数据版本生成,公文有 PDF 和 DOCX,附表有 xlsx 和 CSV;文种见 ``seeds/reports``。"""

from orchestration.reports.make import make_reports

__all__ = ["make_reports"]

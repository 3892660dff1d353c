"""月度通报与附表:由已发布的数据版本生成,PDF 与 xlsx 各一份。"""

from orchestration.reports.make import make_reports

__all__ = ["make_reports"]

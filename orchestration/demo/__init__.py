"""演示数据:虚构的报送文件,真实的区划。"""

from orchestration.demo.build import DEFAULT_SEED, DemoBatch, make_demo

__all__ = ["DEFAULT_SEED", "DemoBatch", "make_demo"]

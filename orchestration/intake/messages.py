"""What submitters read, in Chinese: what is wrong, where, and what to do."""

from collections.abc import Mapping

from orchestration.catalogue.templates import Field

SEVERITY_LABELS = {"error": "错误(该行退回)", "warning": "提醒(该行已收)"}

_FORMS = {
    "money": "应填数字,单位元",
    "decimal": "应填数字",
    "integer": "应填整数",
    "percent": "应填百分数,如 95%",
    "date": "应填日期,如 2022-06-03",
    "year": "应填四位年度,如 2022",
    "boolean": "应填 是 或 否",
    "division": "应填 12 位区划代码",
    "string": "单元格是公式错误,请填写文字",
}

_ROW = {
    "required_blank": "必填项为空,请填写",
    "formula_not_calculated": "公式没有计算结果,请用表格软件打开、保存后再报送,或直接填写数值",
    "out_of_list": "不在可选值之内,请从下拉列表中选择",
    "retired_label": "填的是旧表样的取值,现已不用",
    "impossible_date": "日期不存在或不在 1900—2100 年之内,请核对",
    "impossible_year": "年度不在 1980—2100 之内,请核对",
    "unknown_division": "区划代码在报送期末不存在,请对照行政区划表填写",
    "outside_scope": "区划不在本文件的报送范围之内,请移到该区划自己的文件",
    "wrong_level": "区划级别不符,请对照行政区划表填写",
    "wrong_parent_level": "上级代码应是正好高一级的区划,请核对",
    "duplicate_key": "与前面的行编号重复,只收第一行;请核对后删除或改正",
    "bad_id_number": "证件号码应为 15 位数字,或 17 位数字加一位数字或 X,请核对",
    "id_number_from_float": "证件号码被表格软件存成了数字,末几位已失真;请把该列设为文本后重新录入",
    "period_mismatch": "期别与本文件的期别不一致,请核对",
    "wrong_sign": "退回金额应为负数或零,其他支付金额不得为负,请核对支付类型和金额",
    "id_check_digit": "证件号码的校验位不对,请核对",
    "birth_date_mismatch": "出生日期与证件号码中的不一致,请核对",
    "money_decimals": "金额多于两位小数,已四舍五入到分",
    "event_after_period": "日期晚于报送期末,请核对",
}

_FILE = {
    "empty_file": "文件是空的(0 字节),请重新导出后报送",
    "no_header": "没有找到任何报送模板的表头,请使用下发的模板,表头不要改动,表头之前最多十行标题",
    "ambiguous_template": "表头同时符合多个模板({detail}),请按“模板_区划代码_期别”命名文件",
    "missing_column": "缺少必填列:{detail};请补上这些列后重新报送",
    "duplicate_column": "表头有重复的列:{detail};请只保留一列后重新报送",
    "unusable_unit": "表头的计量单位不能换算:{detail};金额列可用(元)(千元)(万元),其他列请按模板单位填写",
    "too_large": "文件超过 {detail} MB,请拆分后报送",
    "too_large_unpacked": "工作簿解压后达 {detail} MB,超出限度;请删除多余的格式和空行后另存再报送",
    "password": "工作簿设有密码,打不开;请取消密码后报送",
    "unreadable": "文件已损坏或不是表格文件,读不出来;请用表格软件打开后另存为 xlsx 或 csv(UTF-8)再报送",
    "bad_csv": "第 {detail} 行起的引号没有成对,读不下去;请改正引号后重新报送",
    "cell_too_long": "第 {detail} 行起有一个单元格超过十三万字,多半是引号没有成对;请改正引号或删去多余内容后重新报送",
    "timeout": "文件在限定时间内没有读完,可能已损坏或过大;请另存或拆分后报送",
    "crashed": "读取文件时出错,文件可能已损坏;请用表格软件打开后另存再报送",
    "memory": "文件占用内存过多,读不出来;请删除多余的格式和空行,或拆分后报送",
    "no_period": "文件名没有给出期别,表中的期别也读不出唯一的一个;请按“模板_区划代码_期别”命名文件",
    "no_scope": "文件名没有给出区划,表中的区划代码也没有共同的上级;请按“模板_区划代码_期别”命名文件",
    "unknown_scope": "报送范围 {detail} 在报送期末不在行政区划表中;请先报送行政区划表,或核对文件名中的区划代码",
    "nil_without_name": "表中没有数据行,文件名又没有给出区划和期别;零报告请按“模板_区划代码_期别”命名文件",
    "nil_not_allowed": "{detail}不能零报告,请填写数据行后重新报送",
    "too_many_rejected": "{detail};超过两成的行有错误,整个文件退回,请按错误清单改正后重新报送",
    "duplicate": "与第 {detail} 号报送完全相同,已记录,不重复入库",
    "month_locked": "{detail} 已锁定,未入库(原件已存档);确需更正的,请写明理由重新报送"
    "(报送页“更正理由”一栏,或 guatu ingest --reason),或先申请解锁",
}


def explain(code: str, field_def: Field | None) -> str:
    """The Chinese sentence for a problem of a cell; ``field_def`` is None for 期别. Never a cell's value."""
    title = field_def.title if field_def is not None else "期别"
    if code == "unreadable_type":
        form = _FORMS.get(field_def.type, "请核对") if field_def is not None else "应填年月,如 2022-06"
        return f"{title}:读不出来,{form}"
    if code == "out_of_range" and field_def is not None:
        return f"{title}:数值超出范围{_range(field_def)},请核对"
    if code == "income_above_limit" and field_def is not None:
        return f"{title}:超过 {field_def.warn_above:,} 元,请核对单位是否为元"
    if code == "unknown_division" and field_def is not None and field_def.name == "parent_code":
        return f"{title}:行政区划表和本文件中都没有这个上级(或其所在行有错误);请补上级的行,最高一级的上级代码请留空"
    if code == "wrong_level" and field_def is not None and field_def.type == "enum":
        return f"{title}:与区划代码的位数不符(有效数字省 2 位、市 4 位、县 6 位、乡 9 位、村 12 位),请核对"
    if code == "wrong_level" and field_def is not None and field_def.level == "village":
        return f"{title}:应是村级区划的代码,请对照行政区划表填写"
    return f"{title}:{_ROW[code]}"


def explain_retired(field_def: Field, replacements: Mapping[str, str]) -> dict[str, str]:
    """The sentence for each label no longer in use; ``replacements``: label -> the label in its place."""
    return {
        label: f"{field_def.title}:{_ROW['retired_label']},“{label}”现为“{new}”,请改填"
        for label, new in replacements.items()
    }


def explain_renewed_list(field_def: Field, replacements: Mapping[str, str]) -> str:
    """The sentence for any value outside a list that had other labels before; it tells nothing of the cell."""
    renamed = "、".join(f"“{label}”现为“{new}”" for label, new in replacements.items())
    return f"{explain('out_of_list', field_def)};旧表样的取值中,{renamed}"


def refusal(code: str, detail: str = "") -> str:
    """The Chinese reason why a whole file was refused, or is a duplicate."""
    return _FILE[code].format(detail=detail)


def _range(field_def: Field) -> str:
    if field_def.minimum is not None and field_def.maximum is not None:
        if field_def.type == "percent":
            return f"({field_def.minimum:%}—{field_def.maximum:%})".replace(".000000", "")
        return f"({field_def.minimum}—{field_def.maximum})"
    if field_def.minimum is not None:
        return f"(不小于 {field_def.minimum})"
    return f"(不大于 {field_def.maximum})" if field_def.maximum is not None else ""

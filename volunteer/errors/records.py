"""Refusals about files that are exported and imported."""

from core.errors import DomainError, Kind


class ExportNotReady(DomainError):
    """Details carry the present `state`."""

    kind = Kind.CONFLICT
    code = "export_not_ready"
    message = "文件还没有生成，请稍后再下载"


class ExportExpired(DomainError):
    kind = Kind.CONFLICT
    code = "export_expired"
    message = "文件已过保存期，请重新导出"


class SpreadsheetInvalid(DomainError):
    """The detail says what is wrong with the file as a whole."""

    kind = Kind.INVALID
    code = "spreadsheet_invalid"
    message = "无法读取这个表格，请按模板另存为 .xlsx 或 .csv 后再上传"


class OwnImport(DomainError):
    """All but lists of volunteers are confirmed by somebody else than who uploaded them."""

    kind = Kind.FORBIDDEN
    code = "own_import"
    message = "不能确认自己上传的记录，请由其他工作人员确认"


class ImportEmpty(DomainError):
    kind = Kind.CONFLICT
    code = "import_empty"
    message = "没有可以导入的行，请按问题清单修改后重新上传"

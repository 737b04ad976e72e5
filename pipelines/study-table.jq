# A table in Markdown from lge.score/1 records of the rows and lge.score.compare/1 records of each beside "all".
def figure: "\(.value * 100 | round / 100) (\(.low * 100 | round / 100) to \(.high * 100 | round / 100))";
def change: "\(.difference * 100 | round / 100) (\(.low * 100 | round / 100) to \(.high * 100 | round / 100))";
. as $records
| "| row | AUC | balanced accuracy | AUC of \"all\" less this |",
  "|---|---|---|---|",
  ($records[] | select(.schema == "lge.score/1")
   | . as $row
   | ($records[] | select(.schema == "lge.score.compare/1" and .id == $row.id)) as $beside
   | "| \($row.id) | \($row.auc | figure) | \($row.balanced_accuracy | figure) | \($beside.auc | change) |")

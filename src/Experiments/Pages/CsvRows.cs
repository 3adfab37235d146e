using System.Text;

namespace Squero.Experiments;

/// <summary>Reads the first rows of comma-separated text, quotes included. Pure.</summary>
internal static class CsvRows
{
    public static IReadOnlyList<IReadOnlyList<string>> Read(string text, char separator, int maxRows, int maxColumns)
    {
        var rows = new List<IReadOnlyList<string>>();
        var row = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var at = 0; at < text.Length && rows.Count < maxRows; at++)
        {
            var sign = text[at];
            if (quoted)
            {
                if (sign != '"')
                {
                    cell.Append(sign);
                }
                else if (at + 1 < text.Length && text[at + 1] == '"')
                {
                    cell.Append('"');
                    at++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (sign == '"' && cell.Length == 0)
            {
                quoted = true;
            }
            else if (sign == separator || sign == '\n')
            {
                EndCell(row, cell, maxColumns);
                if (sign == '\n')
                {
                    rows.Add(row);
                    row = [];
                }
            }
            else if (sign != '\r')
            {
                cell.Append(sign);
            }
        }

        if (rows.Count < maxRows && (row.Count > 0 || cell.Length > 0))
        {
            EndCell(row, cell, maxColumns);
            rows.Add(row);
        }

        return rows;
    }

    private static void EndCell(List<string> row, StringBuilder cell, int maxColumns)
    {
        if (row.Count < maxColumns)
        {
            row.Add(cell.ToString());
        }

        cell.Clear();
    }
}

using System.Text;

namespace Squero.Experiments;

/// <summary>Writes candidates as CSV: UTF-8 with its mark, because spreadsheets read it as something else without.</summary>
internal static class CsvExport
{
    public static async Task WriteAsync(
        Stream to, IReadOnlyList<CandidateColumn> columns, IAsyncEnumerable<IReadOnlyList<ExportRow>> parts, CancellationToken cancel)
    {
        var text = new StringBuilder("\ufeff");
        text.AppendJoin(',', ExportTable.Fixed.Select(column => column.Name));
        foreach (var column in columns)
        {
            text.Append(',');
            CsvText.Append(text, column.Text);
        }

        text.Append("\r\n");
        await FlushAsync(to, text, cancel);
        await foreach (var rows in parts.WithCancellation(cancel))
        {
            foreach (var row in rows)
            {
                Write(text, row, columns);
            }

            await FlushAsync(to, text, cancel);
        }
    }

    private static void Write(StringBuilder text, ExportRow row, IReadOnlyList<CandidateColumn> columns)
    {
        for (var index = 0; index < ExportTable.Fixed.Count; index++)
        {
            text.Append(index == 0 ? "" : ",");
            CsvText.Append(text, ExportTable.Fixed[index].Text(row.Candidate));
        }

        foreach (var column in columns)
        {
            text.Append(',');
            if (column.IsMetric)
            {
                CsvText.Append(text, row.Cells.Number(row.Candidate.Id, column.Name));
            }
            else
            {
                CsvText.Append(text, row.Cells.Text(row.Candidate.Id, column));
            }
        }

        text.Append("\r\n");
    }

    private static async Task FlushAsync(Stream to, StringBuilder text, CancellationToken cancel)
    {
        await to.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancel);
        await to.FlushAsync(cancel);
        text.Clear();
    }
}

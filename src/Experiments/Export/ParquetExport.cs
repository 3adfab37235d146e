using Parquet;
using Parquet.Schema;

namespace Squero.Experiments;

/// <summary>Writes candidates as Parquet: one group of rows at a time, metrics as doubles, all else as text. Nothing in it is a formula.</summary>
internal static class ParquetExport
{
    /// <summary>How much is held before it is written: few groups make files that are quick to read.</summary>
    private const int CellsOfGroup = 400_000;

    /// <summary>
    /// The end of a file names every column of every group, and is kept until then: so many take some hundred megabytes.
    /// </summary>
    private const long MaxParts = 500_000;

    /// <summary>Whether the file can be written; CSV has no such limit.</summary>
    public static bool Fits(long rows, int columns)
    {
        long width = columns + ExportTable.Fixed.Count;
        return ((rows * width / CellsOfGroup) + 1) * width <= MaxParts;
    }

    public static async Task WriteAsync(
        Stream to, IReadOnlyList<CandidateColumn> columns, IAsyncEnumerable<IReadOnlyList<ExportRow>> parts, CancellationToken cancel)
    {
        var texts = ExportTable.Fixed.Select(column => new DataField<string>(column.Name)).ToList();
        var fields = columns.Select(column => column.IsMetric ? (DataField)new DataField<double?>(column.Text) : new DataField<string>(column.Text)).ToList();
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Snappy };
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema([.. texts, .. fields]), new CountedStream(to), options, cancellationToken: cancel);
        var rows = new List<ExportRow>();
        await foreach (var part in parts.WithCancellation(cancel))
        {
            rows.AddRange(part);
            if (rows.Count * (texts.Count + fields.Count) >= CellsOfGroup)
            {
                await WriteGroupAsync(writer, texts, fields, columns, rows, cancel);
                rows.Clear();
            }
        }

        await WriteGroupAsync(writer, texts, fields, columns, rows, cancel);
    }

    private static async Task WriteGroupAsync(
        ParquetWriter writer, List<DataField<string>> texts, List<DataField> fields, IReadOnlyList<CandidateColumn> columns, List<ExportRow> rows, CancellationToken cancel)
    {
        if (rows.Count == 0)
        {
            return;
        }

        using var group = writer.CreateRowGroup();
        for (var index = 0; index < texts.Count; index++)
        {
            await group.WriteAsync(texts[index], Texts(rows.Select(row => ExportTable.Fixed[index].Text(row.Candidate))));
        }

        for (var index = 0; index < fields.Count; index++)
        {
            var column = columns[index];
            if (column.IsMetric)
            {
                await group.WriteAsync<double>(fields[index], rows.Select(row => row.Cells.Number(row.Candidate.Id, column.Name)).ToArray().AsMemory(), cancellationToken: cancel);
            }
            else
            {
                await group.WriteAsync(fields[index], Texts(rows.Select(row => row.Cells.Text(row.Candidate.Id, column))));
            }
        }
    }

    private static string?[] Texts(IEnumerable<string?> values) => values.ToArray();
}

namespace Squero.Notebooks;

/// <summary>The parts of a cell as they are written, under the names of any nbformat.</summary>
internal static class CellPart
{
    public static JsonPart Whole(Cell cell) => new(cell.Bytes, cell.Whole);

    public static JsonPart Outputs(Cell cell) => Whole(cell).Member("outputs");

    public static JsonPart Metadata(Cell? cell) => cell is null ? JsonPart.None : new(cell.Bytes, cell.MetadataSlice);

    public static JsonPart Attachments(Cell? cell) => cell is null ? JsonPart.None : new(cell.Bytes, cell.AttachmentsSlice);

    /// <summary>nbformat 4.5's id; Colab's, in the metadata, is none.</summary>
    public static string? Id(Cell cell) => cell.Id is null || Whole(cell).Member("id") is not { IsText: true } id ? null : JsonText.ReadString(id.File.Span, id.Where);

    public static string CountName(int formatMajor) => formatMajor < 4 ? "prompt_number" : "execution_count";

    public static string SourceName(Cell cell, int formatMajor) => formatMajor < 4 && cell.Kind == CellKind.Code ? "input" : "source";
}

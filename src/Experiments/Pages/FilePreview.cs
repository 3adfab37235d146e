using System.Text;
using System.Text.Json;

namespace Squero.Experiments;

/// <summary>The beginning of an artifact as a page shows it: text, or rows of a table.</summary>
internal sealed record FilePreview(string Text, string? Language, IReadOnlyList<IReadOnlyList<string>>? Rows, bool IsCut)
{
    private const int MaxBytes = 128 * 1024;
    private const int MaxRows = 200;
    private const int MaxColumns = 30;

    /// <summary>Null when the file is not text.</summary>
    public static async Task<FilePreview?> ReadAsync(CandidateFiles files, CandidateFile file, CancellationToken cancel)
    {
        if (!ArtifactHeaders.IsText(file.FileName))
        {
            return null;
        }

        await using var content = files.OpenRead(file);
        if (content is null)
        {
            return null;
        }

        var buffer = new byte[Math.Min(file.Size, MaxBytes)];
        var length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return Of(file.FileName, Encoding.UTF8.GetString(buffer, 0, length), file.Size > MaxBytes);
    }

    internal static FilePreview Of(string fileName, string text, bool isCut)
    {
        switch (Path.GetExtension(fileName).ToLowerInvariant())
        {
            case ".csv" or ".tsv":
                var rows = CsvRows.Read(text, fileName.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',', MaxRows + 1, MaxColumns);
                return rows.Count == 0 ? new FilePreview(text, null, null, isCut) : new FilePreview("", null, rows, isCut || rows.Count > MaxRows);
            case ".json" when !isCut:
                return new FilePreview(Indent(text), "json", null, false);
            default:
                return new FilePreview(text, LanguageOf(fileName), null, isCut);
        }
    }

    private static string Indent(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            using var body = new MemoryStream();
            using (var writer = new Utf8JsonWriter(body, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                document.WriteTo(writer);
            }

            return Encoding.UTF8.GetString(body.ToArray());
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static string? LanguageOf(string fileName) =>
        Path.GetExtension(fileName).ToLowerInvariant() switch
        {
            ".json" or ".ipynb" => "json",
            ".py" => "python",
            ".yaml" or ".yml" => "yaml",
            ".md" => "markdown",
            _ => fileName == "MLmodel" ? "yaml" : null,
        };
}

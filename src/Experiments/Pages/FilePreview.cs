using System.Text;
using System.Text.Json;

namespace Squero.Experiments;

/// <summary>The beginning of an artifact as a page shows it: text, or rows of a table.</summary>
internal sealed record FilePreview(string Text, string? Language, IReadOnlyList<IReadOnlyList<string>>? Rows, bool IsCut)
{
    /// <summary>A document that has been made safe: a notebook.</summary>
    public string? Html { get; init; }

    /// <summary>What a file of a known kind holds.</summary>
    public FileSummary? Summary { get; init; }

    /// <summary>Why there is no more than this.</summary>
    public string? Reason { get; init; }

    private const int MaxBytes = 128 * 1024;
    private const int MaxRows = 200;
    private const int MaxColumns = 30;

    /// <summary>Null when the file is neither text nor of a kind that somebody knows.</summary>
    public static async Task<FilePreview?> ReadAsync(
        CandidateFiles files, CandidateFile file, IEnumerable<IFileSummary> kinds, Func<string, string> figureHref, CancellationToken cancel)
    {
        if (kinds.FirstOrDefault(kind => kind.Reads(file.FileName)) is { } known)
        {
            await using var model = files.OpenRead(file);
            string? reason = null;
            return model is null ? null : new FilePreview("", null, null, false) { Summary = known.Summarize(model, out reason), Reason = reason };
        }

        if (await NotebookPreview.ReadAsync(files, file, cancel) is { } notebook && NotebookPreview.Html(notebook, file.FileName, figureHref) is { } html)
        {
            return new FilePreview("", null, null, false) { Html = html };
        }

        return await ReadTextAsync(files, file, cancel);
    }

    private static async Task<FilePreview?> ReadTextAsync(CandidateFiles files, CandidateFile file, CancellationToken cancel)
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

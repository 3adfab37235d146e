using Microsoft.AspNetCore.Http;

namespace Squero.Experiments;

/// <summary>Artifacts are written by anybody who can train: they are sent so that no browser takes them for a page of ours.</summary>
public static class ArtifactHeaders
{
    private static readonly HashSet<string> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ".json", ".yaml", ".yml", ".txt", ".log", ".py", ".md", ".csv", ".tsv", ".ini", ".cfg", ".toml", ".err", ".out", ".jsonl", ".ipynb",
    };

    /// <summary>Sandbox, no sniffing, and a download under the file's own name unless it is embedded as a picture.</summary>
    public static void Write(HttpResponse response, string fileName, bool inline = false)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        var plain = new string([.. fileName.Select(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or ' ' ? character : '_')]);
        headers.ContentDisposition = $"{(inline ? "inline" : "attachment")}; filename=\"{plain}\"; filename*=UTF-8''{Uri.EscapeDataString(fileName)}";
    }

    /// <summary>text/plain for what people read, bytes for the rest; never a type that a browser would run.</summary>
    public static string DownloadTypeOf(string fileName) =>
        IsText(fileName) ? "text/plain; charset=utf-8" : "application/octet-stream";

    public static bool IsText(string fileName) => Texts.Contains(Path.GetExtension(fileName)) || fileName is "MLmodel" or "Dockerfile" or "README" or "LICENSE";

    /// <summary>The type of a picture that pages may show; null for anything else.</summary>
    public static string? PictureTypeOf(string fileName) =>
        Path.GetExtension(fileName).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".gif" => "image/gif",
            ".webp" => "image/webp",
            ".svg" => "image/svg+xml",
            _ => null,
        };
}

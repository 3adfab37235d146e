namespace Squero.Repositories;

/// <summary>How a file is shown, by its name and its first bytes.</summary>
internal enum FileShape
{
    Text,
    Markdown,
    Notebook,
    Image,
    Binary,
    Large,
}

internal static class FileShapes
{
    /// <summary>Text over this many bytes is offered for download and not drawn line by line.</summary>
    public const int TextLimit = 1024 * 1024;

    public static FileShape Of(GitBlob blob) =>
        IsNotebook(blob.Path) && blob.Size <= NotebookFiles.SizeMax ? FileShape.Notebook
        : blob.IsLarge ? FileShape.Large
        : ImageType(blob.Path) is not null ? FileShape.Image
        : blob.IsBinary ? FileShape.Binary
        : blob.Size > TextLimit ? FileShape.Large
        : IsMarkdown(blob.Path) ? FileShape.Markdown
        : FileShape.Text;

    public static bool IsNotebook(string path) => path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase);

    public static bool IsMarkdown(string path) => Path.GetExtension(path).ToLowerInvariant() is ".md" or ".markdown";

    /// <summary>The media type of pictures that browsers draw; null for everything else.</summary>
    public static string? ImageType(string path) =>
        Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".gif" => "image/gif",
            ".webp" => "image/webp",
            ".svg" => "image/svg+xml",
            _ => null,
        };

    public static string SizeText(long bytes) =>
        bytes < 1024 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes} B")
        : bytes < 1024 * 1024 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KB")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MB");
}

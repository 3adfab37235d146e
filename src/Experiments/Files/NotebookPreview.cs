using Squero.Notebooks;

namespace Squero.Experiments;

/// <summary>Notebooks among artifacts, read whole: a part of one is none.</summary>
internal static class NotebookPreview
{
    private const long MaxBytes = 8 * 1024 * 1024;
    private const int MaxCells = 200;

    /// <summary>Null when the file is no notebook, too large, or gone.</summary>
    public static async Task<Notebook?> ReadAsync(CandidateFiles files, CandidateFile file, CancellationToken cancel)
    {
        if (!file.FileName.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase) || file.Size > MaxBytes)
        {
            return null;
        }

        await using var content = files.OpenRead(file);
        if (content is null)
        {
            return null;
        }

        var bytes = new byte[file.Size];
        await content.ReadExactlyAsync(bytes, cancel);
        var notebook = Notebook.Parse(bytes);
        return notebook.State == NotebookState.Unreadable ? null : notebook;
    }

    /// <summary>As a document; null when it has more cells than a preview takes.</summary>
    public static string? Html(Notebook notebook, string name, Func<string, string> figureHref) =>
        notebook.Cells.Count > MaxCells ? null
        : NotebookView.NotebookHtml(notebook, new NotebookViewOptions { ImageUrl = image => figureHref(image.Sha256), IdPrefix = "artifact", Name = name });
}

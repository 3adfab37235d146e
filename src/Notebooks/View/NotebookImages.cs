namespace Squero.Notebooks;

/// <summary>Finds a picture of a notebook by the hash of its content, so that pages link to it instead of containing it.</summary>
public static class NotebookImages
{
    /// <summary>Null when the notebook has no such picture. Serve SVG under a sandboxing content security policy.</summary>
    public static NotebookPicture? Find(Notebook notebook, string sha256) =>
        notebook.Pictures.TryGetValue(sha256, out var value) ? new NotebookPicture(NotebookPicture.Decode(value), value.Mime) : null;
}

namespace Squero.Notebooks;

/// <summary>Finds a picture of a notebook by the hash of its content, so that pages link to it instead of containing it.</summary>
public static class NotebookImages
{
    /// <summary>Null when the notebook has no such picture. Serve SVG under a sandboxing content security policy.</summary>
    public static NotebookPicture? Find(ReadOnlyMemory<byte> notebook, string sha256)
    {
        if (sha256.Length != 64)
        {
            return null;
        }

        foreach (var cell in Notebook.Parse(notebook).Cells)
        {
            foreach (var value in Pictures(cell))
            {
                if (NotebookPicture.Sha256Of(value) == sha256)
                {
                    return new NotebookPicture(NotebookPicture.Decode(value), value.Mime);
                }
            }
        }

        return null;
    }

    private static IEnumerable<MimeValue> Pictures(Cell cell) =>
        cell.Outputs.SelectMany(output => output.Data).Concat(cell.Attachments.Values.SelectMany(values => values)).Where(value => value.IsPicture);
}

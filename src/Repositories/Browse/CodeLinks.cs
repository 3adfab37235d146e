using Squero.Projects;

namespace Squero.Repositories;

/// <summary>Addresses of the code pages. Every segment of a ref or path is escaped by itself; the slashes stay.</summary>
public static class CodeLinks
{
    public static string Tree(Project project, string reference, string path = "") => Link(project, "tree", reference, path);

    public static string Blob(Project project, string reference, string path) => Link(project, "blob", reference, path);

    public static string Raw(Project project, string reference, string path) => Link(project, "raw", reference, path);

    public static string Commits(Project project, string reference, string path = "") => Link(project, "commits", reference, path);

    public static string Commit(Project project, string sha) => project.Area($"commit/{sha}");

    public static string Compare(Project project, string from, string to) => project.Area($"compare/{Escape(from)}...{Escape(to)}");

    /// <summary>Where a notebook page gets the pictures inside a notebook from.</summary>
    public static string NotebookImage(Project project, string blobOid, string sha256) => project.Area($"notebook_images/{blobOid}/{sha256}");

    /// <summary>One output of a notebook alone, for a frame.</summary>
    public static string NotebookOutput(Project project, string blobOid, int cell, int output) =>
        project.Area(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"notebook_outputs/{blobOid}/{cell}/{output}"));

    /// <summary>What made an output: the cells and files behind it.</summary>
    public static string NotebookOrigin(Project project, string reference, string path, int cell, int output) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Link(project, "notebook_origin", reference, path)}?cell={cell + 1}&output={output + 1}");

    /// <summary>A cell on the page of its notebook, with the piece of a long notebook that holds it.</summary>
    public static string CellOfBlob(Project project, string reference, string path, int cell) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Blob(project, reference, path)}{(cell < 100 ? "" : $"?cells={cell + 1}-{cell + 100}")}#nb-n{cell}");

    /// <summary>The element that shows a changed file on a page: the same path always has the same id.</summary>
    public static string FileId(string path) =>
        "file-" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(path)))[..12];

    public static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string Link(Project project, string area, string reference, string path) =>
        project.Area($"{area}/{Escape(reference)}{(path.Length == 0 ? "" : "/" + Escape(path))}");
}

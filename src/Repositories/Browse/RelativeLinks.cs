using Squero.Projects;
using Squero.Ui;

namespace Squero.Repositories;

/// <summary>Turns relative addresses in a README or notebook into pages (or raw files, for pictures) of the same commit.</summary>
internal static class RelativeLinks
{
    /// <summary>Null drops the address: it leads out of the repository or is none.</summary>
    public static string? Resolve(Project project, string reference, string file, string address, bool isImage)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out var absolute) && !address.StartsWith('/'))
        {
            return absolute.Scheme is "http" or "https" or "mailto" ? address : null;
        }

        if (address.StartsWith('#'))
        {
            return address;
        }

        var end = address.IndexOfAny(['?', '#']);
        var fragment = end >= 0 && address[end] == '#' ? address[end..] : "";
        var path = Uri.UnescapeDataString(end < 0 ? address : address[..end]);
        if (Target(file, path) is not { } target)
        {
            return null;
        }

        return (isImage ? CodeLinks.Raw(project, reference, target)
            : target.Length == 0 ? CodeLinks.Tree(project, reference)
            : CodeLinks.Blob(project, reference, target)) + fragment;
    }

    public static Func<LinkTarget, string?> For(Project project, string reference, string file) =>
        target => Resolve(project, reference, file, target.Address, target.IsImage);

    /// <summary>The path in the repository that a path written in a file means; null when it leads out.</summary>
    public static string? Target(string file, string path)
    {
        var folder = path.StartsWith('/') ? "" : file[..Math.Max(0, file.LastIndexOf('/'))];
        return Join(folder, path) is { } target && GitNames.IsPath(target) ? target : null;
    }

    private static string? Join(string folder, string path)
    {
        var parts = new List<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                {
                    return null;
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }
}

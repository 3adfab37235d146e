namespace Squero.Tests;

/// <summary>Files that tests read: tests/Data of this checkout, and the shared folder beside it where there is one.</summary>
internal static class TestData
{
    public static string Root { get; } = FindRoot();

    public static string Path(string relative) => System.IO.Path.Combine(Root, "tests", "Data", relative);

    /// <summary>Null on machines without the shared folder.</summary>
    public static string? Shared(string relative)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(Root, "..", "shared", relative));
        return Directory.Exists(path) || File.Exists(path) ? path : null;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Squero.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run inside a checkout of the project.");
    }
}

namespace Squero.Runner;

/// <summary>What a job must not see: the given paths as they really are, and the usual places of credentials.</summary>
internal static class HiddenPaths
{
    private static readonly string[] Credentials =
    [
        ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".config", ".netrc", ".git-credentials", ".npmrc", ".pypirc", ".password-store",
    ];

    public static IReadOnlyList<string> Resolve(IEnumerable<string> paths)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var credentials = home.Length > 1 ? Credentials.Select(name => Path.Combine(home, name)) : [];
        return [.. paths.Concat(credentials).Select(RealPath).Where(Path.Exists).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The path with every link on the way followed, since a cover lies on a real folder.</summary>
    public static string RealPath(string path)
    {
        var real = "/";
        foreach (var part in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            var target = Directory.Exists(next) || File.Exists(next) ? new FileInfo(next).ResolveLinkTarget(returnFinalTarget: true) : null;
            real = target is null ? next : RealPath(target.FullName);
        }

        return real;
    }
}

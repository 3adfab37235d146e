using System.Text;
using System.Text.RegularExpressions;
using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>
/// The script that fills the work tree by git, run in the job's isolation. The credentials travel in the environment of
/// git alone: not on a command line, not in the work tree's configuration.
/// </summary>
internal static partial class SourcesScript
{
    /// <summary>Null when the payload asks for something that a script must not be made of.</summary>
    public static string? Compose(JobSource source, JobVariables variables, string project)
    {
        if (!Uri.TryCreate(source.RepoUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || !CommitId().IsMatch(source.Sha) || source.Refspecs.Count > 20 || !source.Refspecs.All(spec => Refspec().IsMatch(spec)))
        {
            return null;
        }

        var strategy = variables.Find("GIT_STRATEGY");
        if (strategy is "none" or "empty")
        {
            return "echo 'Skipping Git repository setup'\n";
        }

        var plain = new UriBuilder(url) { UserName = "", Password = "" }.Uri;
        var script = new StringBuilder("set -eu\n").Append(Settings(url, plain)).Append("cd ").Append(ShellText.Quote(project)).Append('\n');
        script.Append("echo ").Append(ShellText.Quote(Announcement(source))).Append('\n');
        script.Append(source.RepoObjectFormat == "sha256" ? "git init -q --template= --object-format=sha256 .\n" : "git init -q --template= .\n");
        script.Append("git remote add origin ").Append(ShellText.Quote(plain.AbsoluteUri)).Append('\n');
        script.Append(FetchLines(source));
        script.Append(variables.Find("GIT_CHECKOUT") == "false" ? "echo 'Skipping Git checkout'\n" : CheckoutLines(source));
        return script.ToString();
    }

    private static string Settings(Uri url, Uri plain)
    {
        var pairs = new List<(string Key, string Value)>
        {
            ("protocol.allow", "never"), ("protocol.http.allow", "always"), ("protocol.https.allow", "always"), ("protocol.file.allow", "never"),
            ("core.hooksPath", "/dev/null"), ("submodule.recurse", "false"), ("fetch.recurseSubmodules", "false"), ("advice.detachedHead", "false"),
            ("init.defaultBranch", "main"), ("gc.auto", "0"), ("credential.helper", ""),
        };
        if (url.UserInfo.Length > 0)
        {
            var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo)));
            pairs.Add(($"http.{plain.GetLeftPart(UriPartial.Authority)}/.extraHeader", "Authorization: Basic " + basic));
        }

        var lines = new StringBuilder("export GIT_TERMINAL_PROMPT=0 GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_LFS_SKIP_SMUDGE=1\n");
        foreach (var (index, pair) in pairs.Index())
        {
            lines.Append("export GIT_CONFIG_KEY_").Append(index).Append('=').Append(ShellText.Quote(pair.Key));
            lines.Append(" GIT_CONFIG_VALUE_").Append(index).Append('=').Append(ShellText.Quote(pair.Value)).Append('\n');
        }

        return lines.Append("export GIT_CONFIG_COUNT=").Append(pairs.Count).Append('\n').ToString();
    }

    private static string Announcement(JobSource source) =>
        source.Depth > 0 ? $"Fetching changes with git depth set to {source.Depth}..." : "Fetching changes...";

    /// <summary>The server may just be starting again: three tries.</summary>
    private static string FetchLines(JobSource source)
    {
        var depth = source.Depth > 0 ? $" --depth {source.Depth}" : "";
        var refspecs = string.Join(' ', source.Refspecs.Select(ShellText.Quote));
        return """
            fetch() { git fetch -q --no-tags --no-recurse-submodules --force{{depth}} origin "$@"; }
            fetch {{refspecs}} || { sleep 1; fetch {{refspecs}}; } || { sleep 3; fetch {{refspecs}}; }

            """.Replace("{{depth}}", depth, StringComparison.Ordinal).Replace("{{refspecs}}", refspecs, StringComparison.Ordinal);
    }

    private static string CheckoutLines(JobSource source) => $"""
        git cat-file -e {source.Sha} 2> /dev/null || fetch {source.Sha}
        echo {ShellText.Quote($"Checking out {source.Sha[..8]} as detached HEAD (ref is {source.Ref})...")}
        git checkout -q -f --detach {source.Sha}

        """;

    [GeneratedRegex(@"\A(?:[0-9a-f]{40}|[0-9a-f]{64})\z")]
    private static partial Regex CommitId();

    [GeneratedRegex(@"\A\+?[A-Za-z0-9][^\s:\\~^?\x00-\x1f]*(?::[A-Za-z0-9][^\s:\\~^?\x00-\x1f]*)?\z")]
    private static partial Regex Refspec();
}

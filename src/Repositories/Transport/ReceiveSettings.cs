using System.Globalization;
using Squero.Kernel;

namespace Squero.Repositories;

/// <summary>How receive-pack is started: every object checked, size limited, and our hook as the second line of defence.</summary>
internal sealed class ReceiveSettings(DataFolder data, RepositoryLimits limits)
{
    // The server has looked at the same list before git started; this stands in case that reading and git's ever differ.
    private const string Hook =
        """
        #!/bin/sh
        status=0
        while read -r old new ref; do
          case "$ref" in
            refs/heads/?*|refs/tags/?*) ;;
            *) echo "Only branches (refs/heads/*) and tags (refs/tags/*) can be pushed, not $ref." >&2; status=1 ;;
          esac
        done
        exit $status

        """;

    private readonly Lock writing = new();
    private string? hooks;

    public string[] Arguments(string repository, params string[] mode) =>
    [
        "-c", $"core.hooksPath={HooksFolder()}",
        "-c", "receive.fsckObjects=true",
        "-c", "receive.fsck.badTimezone=ignore",
        "-c", "receive.fsck.missingSpaceBeforeDate=ignore",
        "-c", "receive.fsck.zeroPaddedFilemode=ignore",
        "-c", "receive.advertisePushOptions=true",
        "-c", "receive.autogc=false",
        "-c", $"receive.maxInputSize={(limits.MaxPushBytes + (1024 * 1024)).ToString(CultureInfo.InvariantCulture)}",
        "receive-pack", "--stateless-rpc", .. mode, repository,
    ];

    private string HooksFolder()
    {
        lock (writing)
        {
            if (hooks is null)
            {
                hooks = data.Folder("hooks");
                data.WritePrivate("hooks/pre-receive", Hook.ReplaceLineEndings("\n"));
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(Path.Combine(hooks, "pre-receive"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                }
            }

            return hooks;
        }
    }
}

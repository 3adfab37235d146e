using LibGit2Sharp;

namespace Squero.Repositories;

/// <summary>Settings of the native library that hold for the whole process.</summary>
internal static class GitLibrary
{
    private static readonly Lock Once = new();
    private static bool prepared;

    /// <summary>No configuration of the machine or of a person counts; the data folder may belong to another user.</summary>
    public static void Prepare(string emptyFolder)
    {
        lock (Once)
        {
            if (prepared)
            {
                return;
            }

            foreach (var level in (ConfigurationLevel[])[ConfigurationLevel.Global, ConfigurationLevel.Xdg, ConfigurationLevel.System])
            {
                GlobalSettings.SetConfigSearchPaths(level, emptyFolder);
            }

            GlobalSettings.SetOwnerValidation(false);
            prepared = true;
        }
    }
}

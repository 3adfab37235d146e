namespace Squero.Tests.Runner;

/// <summary>Looks at the machine's processes.</summary>
internal static class Processes
{
    /// <summary>Ids of <c>sleep</c> processes with exactly this argument: tests use a number of their own each.</summary>
    public static IReadOnlyList<int> Sleeping(int seconds) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0).Where(id => id > 0)
            .Where(id => Arguments(id) == $"sleep\0{seconds}\0"),
    ];

    /// <summary>Waits until no such process is left; false when some stay.</summary>
    public static async Task<bool> AreGoneAsync(int seconds)
    {
        for (var turn = 0; turn < 100; turn++)
        {
            if (Sleeping(seconds).Count == 0)
            {
                return true;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        return false;
    }

    private static string Arguments(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}

namespace Squero.Kernel;

/// <summary>
/// Held by the server that works on a data folder, so that a second one is turned away. The system lets go of it with the process,
/// however that ends; commands beside a running server do not take it.
/// </summary>
public sealed class DataFolderLock : IDisposable
{
    private const string FileName = "server.lock";
    private readonly FileStream held;

    /// <exception cref="Refusal">Another server holds it, or nothing can be written there.</exception>
    public DataFolderLock(DataFolder data)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            held = new FileStream(data.File(FileName), options);
        }
        catch (Exception failure) when (StorageFault.SentenceOf(failure) is not null)
        {
            throw new Refusal(RefusalKind.NotStored, $"Nothing can be written in the data folder {data.Root}: {failure.Message}");
        }
        catch (IOException taken) when (taken is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw Refusal.Conflict(
                $"Another server works on the data folder {data.Root}{AddressOf(data)}. Stop it first, or give this one a folder of its own with --data.");
        }
    }

    public void Dispose() => held.Dispose();

    private static string AddressOf(DataFolder data)
    {
        var file = data.File(DataFolder.AddressFile);
        return File.Exists(file) ? $" and serves {File.ReadAllText(file).Trim()}" : "";
    }
}

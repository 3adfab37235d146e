namespace Squero.Kernel;

/// <summary>
/// What a data folder remembers of its database, so that a command that names none, or another, does not begin a second one beside
/// the repositories and blobs of the first.
/// </summary>
public sealed class DatabaseMark(DataFolder data, DatabaseAddress? database)
{
    /// <summary>Refuses a database that is not the folder's.</summary>
    public void Check()
    {
        var mark = data.File(DataFolder.DatabaseMark);
        if (database is null && File.Exists(mark))
        {
            throw Refusal.Conflict($"The data folder {data.Root} belongs to the database {File.ReadAllText(mark).Trim()}. Name it with --database, --database-file or SQUERO_DATABASE.");
        }

        if (database is not null && File.Exists(data.DatabaseFile))
        {
            throw Refusal.Conflict($"The data folder {data.Root} keeps its database in {Path.GetFileName(data.DatabaseFile)}. Give a PostgreSQL database a data folder of its own with --data.");
        }
    }

    /// <summary>Refuses an empty database for a folder that had another one: it would know nothing of what is in the folder.</summary>
    public void CheckNew()
    {
        var mark = data.File(DataFolder.DatabaseMark);
        if (database is not null && File.Exists(mark))
        {
            throw Refusal.Conflict($"The database {database.Text} is empty, but the data folder {data.Root} belongs to {File.ReadAllText(mark).Trim()}. Name that one, or give a new data folder with --data.");
        }
    }

    /// <summary>Once the schema is there.</summary>
    public void Keep()
    {
        if (database is not null)
        {
            data.WritePrivate(DataFolder.DatabaseMark, database.Text + "\n");
        }
    }
}

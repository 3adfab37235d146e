using System.Collections.Concurrent;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>The bare repositories of all projects, at DATA/repositories/&lt;project id&gt;.git; made on first use.</summary>
public sealed class GitRepositories
{
    private const string Configuration = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n";
    private readonly string root;
    private readonly GitProcess git;
    private readonly ConcurrentDictionary<long, GitRepository> open = new();

    internal GitRepositories(DataFolder data, GitProcess git)
    {
        this.git = git;
        root = data.Folder("repositories");
        GitLibrary.Prepare(data.Folder("git-home"));
    }

    public GitRepository Open(Project project) => Open(project.Id);

    public GitRepository Open(long projectId) =>
        open.GetOrAdd(projectId, id => new GitRepository(Create(PathOf(id)), git));

    public string PathOf(long projectId) => Path.Combine(root, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{projectId}.git"));

    /// <summary>A repository that stays empty: what a client sees of a project that its push will create.</summary>
    internal string EmptyPath => Create(Path.Combine(root, "empty.git"));

    // Written by hand: an empty bare repository is two files and four folders. It appears whole, by a rename.
    private string Create(string path)
    {
        if (Directory.Exists(path))
        {
            return path;
        }

        var draft = Path.Combine(root, "draft-" + Path.GetRandomFileName());
        foreach (var folder in (string[])["objects/info", "objects/pack", "refs/heads", "refs/tags"])
        {
            Directory.CreateDirectory(Path.Combine(draft, folder));
        }

        File.WriteAllText(Path.Combine(draft, "HEAD"), "ref: refs/heads/main\n");
        File.WriteAllText(Path.Combine(draft, "config"), Configuration);
        try
        {
            Directory.Move(draft, path);
        }
        catch (IOException) when (Directory.Exists(path))
        {
            Directory.Delete(draft, recursive: true);
        }

        return path;
    }
}

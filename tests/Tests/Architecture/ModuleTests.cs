using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Squero.Tests.Architecture;

/// <summary>The shape of the source tree: what ARCHITECTURE.md says is what the projects do.</summary>
public sealed partial class ModuleTests
{
    [Fact]
    public void The_module_graph_is_the_one_in_the_architecture_document()
    {
        var document = File.ReadAllText(Path.Combine(TestData.Root, "ARCHITECTURE.md"));
        var table = document[document.IndexOf("## Who may know whom", StringComparison.Ordinal)..document.IndexOf("## Invariants", StringComparison.Ordinal)];
        var written = DocumentRow().Matches(table).Where(row => row.Groups[1].Value != "module")
            .ToDictionary(row => row.Groups[1].Value, row => Names(row.Groups[2].Value));
        foreach (var (module, references) in References())
        {
            Assert.True(written.TryGetValue(module, out var allowed), $"{module} has no row in the table of ARCHITECTURE.md");
            Assert.Equal(allowed.Order(), references.Order());
        }

        Assert.Equal(written.Keys.Order(), References().Keys.Order());
    }

    [Fact]
    public void There_are_at_most_twenty_modules() => Assert.InRange(References().Count, 1, 20);

    [Fact]
    public void No_file_is_longer_than_five_hundred_lines()
    {
        var long_ = SourceFiles().Where(file => File.ReadLines(file).Count() > 500);
        Assert.Empty(long_);
    }

    [Fact]
    public void Ninety_five_of_a_hundred_files_have_at_most_three_hundred_lines()
    {
        var lengths = SourceFiles().Select(file => File.ReadLines(file).Count()).Order().ToList();
        Assert.InRange(lengths[(int)(lengths.Count * 0.95)], 1, 300);
    }

    [Fact]
    public void No_folder_and_no_type_has_a_name_that_says_nothing()
    {
        string[] folders = ["Services", "Helpers", "Models", "Interfaces", "Application", "Infrastructure", "Common", "Shared", "Utils", "Contracts"];
        Assert.Empty(SourceFiles().Where(file => file.Split('/').SkipLast(1).Reverse().TakeWhile(part => part != "src").Any(folders.Contains)
            && !file.Contains("/src/Registry/Models/", StringComparison.Ordinal)));
        var types = SourceFiles().Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(file => TypeName().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));
        Assert.Empty(types.Where(name => EmptySuffix().IsMatch(name)));
    }

    [Fact]
    public void No_module_touches_tables_of_another()
    {
        var owners = References().Keys.ToDictionary(module => Snake(module), module => module);
        var trespasses =
            from file in SourceFiles()
            where file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".sql", StringComparison.Ordinal)
            from Match use in TableUse().Matches(File.ReadAllText(file))
            let owner = owners.Where(pair => use.Groups[1].Value.StartsWith(pair.Key + "_", StringComparison.Ordinal)).OrderByDescending(pair => pair.Key.Length).FirstOrDefault()
            where owner.Value is not null && owner.Value != Module(file)
            select $"{file}: {use.Groups[1].Value} belongs to {owner.Value}";
        Assert.Empty(trespasses);
    }

    [Fact]
    public void Kernel_and_design_system_know_no_word_of_the_domain()
    {
        var leaks =
            from file in SourceFiles()
            where Module(file) is "Kernel" or "Ui" && file.EndsWith(".cs", StringComparison.Ordinal)
            from line in File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            where DomainWord().IsMatch(line)
            select $"{file}: {line.Trim()}";
        Assert.Empty(leaks);
    }

    [Fact]
    public void Nothing_but_the_adapter_knows_the_protocols_words_for_candidates()
    {
        var leaks = SourceFiles()
            .Where(file => Module(file) is not ("Mlflow" or "Server") && file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => ProtocolWord().IsMatch(File.ReadAllText(file)));
        Assert.Empty(leaks);
    }

    [Fact]
    public void Git_is_started_in_one_place_of_the_server_only()
    {
        var starts = SourceFiles()
            .Where(file => Module(file) is not ("Runner" or "Server") && file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => !file.Contains("/Repositories/Git/", StringComparison.Ordinal))
            .Where(file => GitStart().IsMatch(File.ReadAllText(file)));
        Assert.Empty(starts);
    }

    [Theory]
    [InlineData("Notebooks/Anchors")]
    [InlineData("Notebooks/Diff")]
    [InlineData("Notebooks/Edit")]
    [InlineData("Notebooks/Format")]
    [InlineData("Notebooks/Lineage")]
    [InlineData("Notebooks/Merge")]
    [InlineData("Notebooks/Patch")]
    [InlineData("Notebooks/Scores")]
    [InlineData("Notebooks/View")]
    [InlineData("Notebooks/Warnings")]
    [InlineData("Verdicts")]
    [InlineData("Pipelines/Definition")]
    [InlineData("Pipelines/Planning")]
    public void Pure_parts_touch_no_disk_no_network_and_no_clock(string folder)
    {
        var files = SourceFiles().Where(file => file.Contains($"/src/{folder}/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        Assert.Empty(files.Where(file => World().IsMatch(File.ReadAllText(file))));
    }

    [Fact]
    public void The_project_speaks_of_itself_alone()
    {
        var chatter = SourceFiles().Where(file => Chatter().IsMatch(File.ReadAllText(file)));
        Assert.Empty(chatter);
    }

    private static Dictionary<string, IReadOnlyList<string>> References() =>
        Directory.EnumerateFiles(Path.Combine(TestData.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(
                file => Path.GetFileNameWithoutExtension(file),
                file => (IReadOnlyList<string>)[.. XDocument.Load(file).Descendants("ProjectReference")
                    .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))]);

    private static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(Path.Combine(TestData.Root, "src"), "*", SearchOption.AllDirectories)
            .Select(file => file.Replace('\\', '/'))
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal)
                || file.EndsWith(".sql", StringComparison.Ordinal) || file.EndsWith(".css", StringComparison.Ordinal) || file.EndsWith(".js", StringComparison.Ordinal))
            .Where(file => !file.Contains("/node_modules/", StringComparison.Ordinal) && !file.Contains("/wwwroot/build/", StringComparison.Ordinal)
                && !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static string Module(string file) => file[(file.IndexOf("/src/", StringComparison.Ordinal) + 5)..].Split('/')[0];

    private static IReadOnlyList<string> Names(string cell) =>
        [.. cell.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(name => name != "–")];

    private static string Snake(string name) => SnakeStep().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex(@"^\| `?(\w+)`? \| ([^|]+) \|\s*$", RegexOptions.Multiline)]
    private static partial Regex DocumentRow();

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum) (?:struct |class )?([A-Z]\w+)")]
    private static partial Regex TypeName();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Service|Dto|Impl|Command[^s]?Handler|QueryHandler)$")]
    private static partial Regex EmptySuffix();

    [GeneratedRegex(@"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|REFERENCES)\s+(?:IF NOT EXISTS\s+)?([a-z_]+)")]
    private static partial Regex TableUse();

    [GeneratedRegex(@"\b(project|merge request|candidate|experiment|pipeline|notebook|deployment)s?\b", RegexOptions.IgnoreCase)]
    private static partial Regex DomainWord();

    [GeneratedRegex(@"(?<![.\w])(?:File|Directory)\.(?:Read|Write|Open|Exists|Delete|Move|Copy|Create|Append|Enumerate|Get)|Process\.Start|Environment\.(?:Get|Current|Tick)|\b(?:HttpClient|FileStream|Sqlite\w+|TimeProvider|Stopwatch)\b|DateTime(?:Offset)?\.(?:Utc)?Now|Random\.Shared|Guid\.NewGuid")]
    private static partial Regex World();

    [GeneratedRegex(@"RESOURCE_DOES_NOT_EXIST|INVALID_PARAMETER_VALUE|lifecycle_stage|run_uuid")]
    private static partial Regex ProtocolWord();

    [GeneratedRegex(@"ProcessStartInfo\(\s*""git""|FileName\s*=\s*""git""")]
    private static partial Regex GitStart();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|NotImplementedException|Claude|\bLLM\b")]
    private static partial Regex Chatter();

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex SnakeStep();
}

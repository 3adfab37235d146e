using System.Text.Json.Nodes;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class WarningTests(ITestOutputHelper log)
{
    // Put together here, so that no scanner takes this file for a leak.
    private const string Random = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0hJ3lO6";

    [Theory]
    [InlineData("token: " + "gh" + "p_" + Random)]
    [InlineData("GITHUB_TOKEN=" + "gh" + "p_" + Random)]
    [InlineData("AK" + "IAZ4QW7KP2M9XT5BVN")]
    [InlineData("gl" + "pat-" + Random)]
    [InlineData("h" + "f_" + Random)]
    [InlineData("s" + "k-proj-" + Random + "xY7zA9")]
    [InlineData("-----BEGIN " + "RSA PRIVATE KEY-----")]
    [InlineData("postgres://ada:s3cretWord@db.example.net/rows")]
    [InlineData("{'api_key': '" + Random + "'}")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U")]
    public void What_looks_like_a_credential_is_named_and_masked(string text)
    {
        var warning = Assert.Single(Of(text));

        Assert.Equal(WarningKind.Credential, warning.Kind);
        Assert.DoesNotContain(Random[8..], warning.Excerpt, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cretWord", warning.Excerpt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api_key = 'your-api-key-goes-here-1234'")]
    [InlineData("password: ****************")]
    [InlineData("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("task-" + Random + " is done")]
    [InlineData("https://ada@example.org/rows")]
    [InlineData("mail ada@uni.edu or bob@uni.edu")]
    [InlineData("a@example.com b@example.com c@example.com logo@2x.png git@github.com")]
    [InlineData("/home/jovyan/work/data.csv /Users/Shared/x /home/ada")]
    [InlineData("https://example.org/home/ada/pictures")]
    [InlineData("total 0.81 secret santa: tomorrow afternoon")]
    public void What_only_resembles_one_is_left_alone(string text) => Assert.Empty(Of(text));

    [Fact]
    public void Addresses_of_three_people_are_a_list()
    {
        var warning = Assert.Single(Of("ada@uni.edu, bob@firm.co.uk; Cy <cy.d@lab.org>, ada@uni.edu"));

        Assert.Equal((WarningKind.EmailList, "3 addresses, such as a…@uni.edu"), (warning.Kind, warning.Excerpt));
    }

    [Theory]
    [InlineData("File \"/home/ada/thesis/run.py\", line 3", "/home/a…/")]
    [InlineData("saved to /Users/grace/models/best", "/Users/g…/")]
    [InlineData(@"C:\Users\Linus\data.csv", @":\Users\L…\")]
    public void A_path_below_somebodys_home_is_named_without_the_name(string text, string excerpt) =>
        Assert.Equal((WarningKind.HomePath, excerpt), Assert.Single(Of(text)) is var warning ? (warning.Kind, warning.Excerpt) : default);

    [Fact]
    public void An_output_of_more_than_a_megabyte_is_named()
    {
        var notebook = Made.Notebook(Made.Code("x"), Made.Code("plot()", null, Made.Printed("fine"), Made.Shown("image/png", new string('A', 1_400_000))));

        Assert.Equal(new NotebookWarning(1, 1, WarningKind.LargeOutput, "1.4 MB"), Assert.Single(NotebookWarnings.Of(notebook)));
    }

    [Fact]
    public void A_diff_warns_of_what_it_brought_alone()
    {
        JsonObject Leak(string id) => Made.Code("show()", id, Made.Printed("/home/ada/one"));
        var diff = Made.Diff(Made.Notebook(Leak("aa")), Made.Notebook(Leak("aa"), Leak("bb")));

        Assert.Equal(1, Assert.Single(NotebookWarnings.Of(diff)).Cell);
    }

    [Fact]
    public void Published_notebooks_hold_paths_of_homes_and_hardly_anything_else()
    {
        var files = TestData.Shared("notebooks") is { } folder ? Directory.GetFiles(folder, "*.ipynb", SearchOption.AllDirectories) : [];
        var warnings = files.SelectMany(file => NotebookWarnings.Of(Notebook.Parse(File.ReadAllBytes(file)))).ToList();
        log.WriteLine($"{files.Length} notebooks: " + string.Join(", ", warnings.CountBy(warning => warning.Kind)));

        Assert.InRange(warnings.Count(warning => warning.Kind is WarningKind.Credential or WarningKind.EmailList), 0, files.Length / 100);
        Assert.InRange(warnings.Count, 0, files.Length / 5);
    }

    private static IReadOnlyList<NotebookWarning> Of(string text) => NotebookWarnings.Of(Made.Notebook(Made.Code("show()", null, Made.Printed(text))));
}

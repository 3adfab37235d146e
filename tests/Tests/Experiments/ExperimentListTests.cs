using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Tests.Experiments;

/// <summary>The list of a project's experiments: new, large, searched, deleted, hostile.</summary>
public sealed class ExperimentListTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task A_new_project_is_told_how_to_begin()
    {
        var (person, page, _) = await BeginAsync();
        var html = await person.Http.GetStringAsync(page);
        Assert.Contains("No candidates yet", html, StringComparison.Ordinal);
        Assert.Contains("MLFLOW_TRACKING_URI", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Search experiments", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_found_by_any_part_and_signs_mean_themselves()
    {
        var (person, page, projectId) = await BeginAsync();
        foreach (var name in new[] { "Forests 100%", "forests_b", "<b>bold</b> שלום 🚣", new string('x', 400) })
        {
            await CreateAsync(projectId, name);
        }

        Assert.Equal(["<b>bold</b> שלום 🚣"], await NamesAsync(projectId, "BOLD"));
        Assert.Equal(["Forests 100%"], await NamesAsync(projectId, "0%"));
        Assert.Equal(["forests_b"], await NamesAsync(projectId, "s_"));
        Assert.Equal(["Forests 100%", "forests_b"], (await NamesAsync(projectId, "forests")).Order(StringComparer.Ordinal));
        var html = await person.Http.GetStringAsync(page);
        Assert.Contains("&lt;b&gt;bold&lt;/b&gt;", html, StringComparison.Ordinal);
        var none = await person.Http.GetStringAsync($"{page}?search=%3Ci%3E");
        Assert.Contains("No experiment of that name", none, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", none, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_started_come_first_and_each_page_goes_on()
    {
        var (person, page, projectId) = await BeginAsync();
        for (var index = 0; index < 45; index++)
        {
            await CreateAsync(projectId, $"e{index}");
        }

        var busy = (await Store.FindByNameAsync(projectId, "e7", CancellationToken.None))!;
        await shared.Get<StartCandidate>().StartAsync(new NewCandidate(busy, "one", 5_000_000, person.Person.Id, "tests", [], null), CancellationToken.None);
        var pages = new List<ExperimentSummary>();
        for (var number = 1; number <= 3; number++)
        {
            pages.AddRange((await Store.ListAsync(projectId, null, false, new PageRequest(number, 20), CancellationToken.None)).Rows);
        }

        Assert.Equal(46, pages.DistinctBy(row => row.Id).Count());
        Assert.Equal(("e7", 1, 5_000_000), (pages[0].Name, pages[0].Candidates, pages[0].LastStartedUs ?? 0));
        Assert.Equal(pages.Skip(1).Select(row => row.Iid).OrderDescending(), pages.Skip(1).Select(row => row.Iid));
        Assert.Contains("21&#x2013;40 of 46", await person.Http.GetStringAsync($"{page}?page=2"), StringComparison.Ordinal);
        Assert.Contains("Nothing further", await person.Http.GetStringAsync($"{page}?page=99"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleted_ones_stand_apart()
    {
        var (person, page, projectId) = await BeginAsync();
        await CreateAsync(projectId, "kept");
        var gone = await CreateAsync(projectId, "gone");
        Assert.Contains("Nothing is deleted", await person.Http.GetStringAsync($"{page}?deleted=true"), StringComparison.Ordinal);
        await shared.Get<StartCandidate>().StartAsync(new NewCandidate(gone, "one", 5, person.Person.Id, "tests", [], null), CancellationToken.None);
        await Store.SetDeletedAsync(gone, true, CancellationToken.None);
        Assert.DoesNotContain(">gone<", await person.Http.GetStringAsync(page), StringComparison.Ordinal);
        var deleted = await Store.ListAsync(projectId, null, true, PageRequest.First, CancellationToken.None);
        Assert.Equal(("gone", 1), (deleted.Rows.Single().Name, deleted.Rows.Single().Candidates));
    }

    private ExperimentStore Store => shared.Get<ExperimentStore>();

    private async Task<Experiment> CreateAsync(long projectId, string name) => (await Store.CreateAsync(projectId, name, null, [], CancellationToken.None))!;

    private async Task<IEnumerable<string>> NamesAsync(long projectId, string search) =>
        (await Store.ListAsync(projectId, search, false, PageRequest.First, CancellationToken.None)).Rows.Select(row => row.Name);

    private async Task<(TestPerson Person, string Page, long ProjectId)> BeginAsync()
    {
        var (person, name) = (await shared.PersonAsync(), SharedServer.Name("list"));
        var project = await person.CreateProjectAsync(name);
        return (person, $"/{person.Username}/{name}/-/experiments", project.GetProperty("id").GetInt64());
    }
}

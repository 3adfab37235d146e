using Squero.Experiments;
using Squero.Tests.Mlflow;

namespace Squero.Tests.Experiments;

/// <summary>The page with the table of candidates, as it is read without scripts.</summary>
public sealed class ExperimentPageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Hostile = "<img src=x onerror=alert(1)>\"'`";

    [Fact]
    public async Task A_fault_in_the_filter_stands_at_its_field()
    {
        var (page, person, _) = await BeginAsync();
        var html = await person.Http.GetStringAsync($"{page}?filter=metrics.auc%20~%203");
        Assert.Contains("aria-invalid=\"true\" aria-describedby=\"filter-fault\"", html, StringComparison.Ordinal);
        Assert.Matches("id=\"filter-fault\"[^>]*>.*Invalid clause\\(s\\) in filter string: &#x27;metrics.auc&#x27;, &#x27;~&#x27;, &#x27;3&#x27;", html);
        Assert.Contains("value=\"metrics.auc ~ 3\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_filter_may_say_stands_beside_one_that_cannot_be_read()
    {
        var (page, person, _) = await BeginAsync();
        Assert.Contains("there is no <code>or</code>", await person.Http.GetStringAsync($"{page}?filter=auc%20%3E%203"), StringComparison.Ordinal);
        Assert.DoesNotContain("there is no <code>or</code>", await person.Http.GetStringAsync($"{page}?sort=nonsense%20x%20y"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_hears_of_what_began_and_ended_since_in_its_own_experiment()
    {
        var (page, person, client) = await BeginAsync();
        var run = await client.StartAsync();
        var html = await person.Http.GetStringAsync(page);
        var news = System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(html, "data-refresh-src=\"([^\"]+)\"").Groups[1].Value);
        Assert.DoesNotContain("new candidate", await person.Http.GetStringAsync(news), StringComparison.Ordinal);
        await client.PostAsync("runs/update", new { run_id = run, status = "FINISHED" });
        Assert.Contains("1 of the candidates shown has ended.", await person.Http.GetStringAsync(news), StringComparison.Ordinal);
        await client.StartAsync();
        await client.StartAsync();
        Assert.Contains("2 new candidates, and 1 of those shown has ended.", await person.Http.GetStringAsync(news), StringComparison.Ordinal);
        Assert.Contains("whatever the filter", await person.Http.GetStringAsync(news + "&filter=metrics.auc%20%3E%203"), StringComparison.Ordinal);
        var stranger = await shared.PersonAsync();
        using var refused = await stranger.Http.GetAsync(news);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Names_of_strangers_are_text_and_can_be_ordered_by()
    {
        var (page, person, client) = await BeginAsync();
        var run = await client.StartAsync(("mlflow.runName", Hostile));
        await client.PostAsync("runs/log-batch", new
        {
            run_id = run,
            @params = new[] { new { key = "עברית", value = new string('x', 5000) }, new { key = "a: b", value = Hostile } },
            metrics = new[] { new { key = "m / 1", value = 0.5, timestamp = 1, step = 0 } },
        });
        var html = await person.Http.GetStringAsync($"{page}?column=params.a:%20b&column=params.עברית&column=metrics.m%20%2F%201&sort=metrics.%60m%20%2F%201%60%20DESC");
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", html, StringComparison.Ordinal);
        Assert.Contains("0.5", html, StringComparison.Ordinal);
        Assert.True((await person.Http.GetStringAsync(page)).Length < 60_000);
    }

    [Fact]
    public async Task Columns_are_found_by_any_part_of_their_name()
    {
        var (page, person, client) = await BeginAsync();
        var run = await client.StartAsync();
        await client.PostAsync("runs/log-batch", new { run_id = run, metrics = Enumerable.Range(0, 1000).Select(index => new { key = $"layer {index}/grad", value = 1.0, timestamp = 1, step = 0 }) });
        var found = await person.Http.GetStringAsync($"{page}/columns?search=layer%2077");
        Assert.Contains("metrics.layer 77/grad", found, StringComparison.Ordinal);
        Assert.Contains("metrics.layer 777/grad", found, StringComparison.Ordinal);
        Assert.DoesNotContain("metrics.layer 78/grad", found, StringComparison.Ordinal);
        Assert.Contains("The first 40 of 1,000", await person.Http.GetStringAsync($"{page}/columns?search=grad"), StringComparison.Ordinal);
        Assert.Contains("name holds", await person.Http.GetStringAsync($"{page}/columns?search=nothing-like-it"), StringComparison.Ordinal);
        Assert.Contains("metrics.`layer 77/grad`", await person.Http.GetStringAsync($"{page}/names?search=77%2Fgrad"), StringComparison.Ordinal);

        // Without the script the search is the page itself.
        var open = await person.Http.GetStringAsync($"{page}?find=layer%2077");
        Assert.Matches("<details[^>]* open", open);
        Assert.Contains("value=\"metrics.layer 777/grad\"", open, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_cannot_be_read_begins_the_list_anew_and_says_so()
    {
        var (page, person, client) = await BeginAsync();
        await client.StartAsync();
        var html = await person.Http.GetStringAsync($"{page}?after=nonsense");
        Assert.Contains("the list begins anew", html, StringComparison.Ordinal);
        Assert.Contains("c-1", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_usual_columns_leave_the_machine_aside() =>
        Assert.Equal(
            ["params.depth", "metrics.auc"],
            CandidateColumn.Usual([[new("depth", "1"), new("same", "a")], [new("depth", "2"), new("same", "a")]], [["system/cpu", "auc"], ["auc"]]).Select(column => column.Text));

    private async Task<(string Page, TestPerson Person, MlflowClient Client)> BeginAsync()
    {
        var (person, name) = (await shared.PersonAsync(), SharedServer.Name("page"));
        await person.CreateProjectAsync(name);
        return ($"/{person.Username}/{name}/-/experiments/0", person, new MlflowClient(person.Http, $"{person.Username}/{name}"));
    }
}

using System.Net;
using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Tests.Experiments;

/// <summary>Views under a name: one's own stay one's own, those for all are for all who see the project.</summary>
public sealed class SavedViewTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task A_private_view_cannot_be_loaded_by_anybody_else()
    {
        var (ada, ben, page) = await TwoAsync(30);
        var mine = await SaveAsync(ada, page, "Mine <b>", shared: false, ("filter", "params.a = 'x,y'"), ("sort", "metrics.`auc` DESC"), ("column", "metrics.a,b"));
        var own = await ada.Http.GetStringAsync(mine);
        Assert.Contains("Mine &lt;b&gt;", own, StringComparison.Ordinal);
        Assert.Contains("params.a = &#x27;x,y&#x27;", own, StringComparison.Ordinal);
        Assert.Contains("yours alone", own, StringComparison.Ordinal);

        var foreign = await ben.Http.GetStringAsync(mine);
        Assert.Contains("private or gone", foreign, StringComparison.Ordinal);
        Assert.DoesNotContain("Mine", foreign, StringComparison.Ordinal);
        using var deleted = await ben.Http.PostAsync(mine.Replace("?view=", "/views/", StringComparison.Ordinal) + "/delete", new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.NotFound, deleted.StatusCode);
    }

    [Fact]
    public async Task A_view_for_all_is_read_by_all_and_deleted_by_its_owner_or_a_maintainer()
    {
        var (ada, ben, page) = await TwoAsync(30);
        var common = await SaveAsync(ben, page, "Common", shared: true, ("column", "metrics.auc"));
        Assert.Contains("Common", await ada.Http.GetStringAsync(common), StringComparison.Ordinal);
        var byAda = await SaveAsync(ada, page, "Of Ada", shared: true, ("filter", "metrics.auc > 0.5"));
        using var refused = await ben.Http.PostAsync(byAda.Replace("?view=", "/views/", StringComparison.Ordinal) + "/delete", new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var gone = await ada.Http.PostAsync(common.Replace("?view=", "/views/", StringComparison.Ordinal) + "/delete", new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.Redirect, gone.StatusCode);
        Assert.Contains("private or gone", await ben.Http.GetStringAsync(common), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reporter_saves_for_oneself_alone()
    {
        var (_, ben, page) = await TwoAsync(20);
        await SaveAsync(ben, page, "Quiet", shared: false);
        using var refused = await PostAsync(ben, page, "Loud", true);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task The_same_name_replaces_and_a_bad_one_is_refused()
    {
        var (ada, _, page) = await TwoAsync(30);
        var first = await SaveAsync(ada, page, "One", shared: false, ("filter", "metrics.a > 1"));
        Assert.Equal(first, await SaveAsync(ada, page, "One", shared: true, ("filter", "metrics.a > 2")));
        Assert.Contains("metrics.a &gt; 2", await ada.Http.GetStringAsync(first), StringComparison.Ordinal);
        foreach (var name in new[] { "", "  ", new string('x', 101), "a\nb" })
        {
            using var refused = await PostAsync(ada, page, name, false);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public void A_table_survives_its_address()
    {
        var state = new TableState("metrics.`a & b` > 1", "params.`x;y` DESC", [new(ColumnKind.Tag, "a,b=&?#"), CandidateColumn.Metric("ü 日本 🚣"), CandidateColumn.Param("metrics.x")]);
        var back = TableState.Parse(state.Query());
        Assert.Equal(state.Columns, back.Columns);
        Assert.Equal((state.Filter, state.Sort), (back.Filter, back.Sort));
    }

    private static async Task<string> SaveAsync(TestPerson person, string page, string name, bool shared, params (string, string)[] state)
    {
        using var answer = await PostAsync(person, page, name, shared, state);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!.ToString();
    }

    private static Task<HttpResponseMessage> PostAsync(TestPerson person, string page, string name, bool shared, params (string Key, string Value)[] state) =>
        person.Http.PostAsync(
            page + "/views",
            new FormUrlEncodedContent([new("name", name), .. shared ? new KeyValuePair<string, string>[] { new("shared", "true") } : [], .. state.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))]));

    private async Task<(TestPerson Ada, TestPerson Ben, string Page)> TwoAsync(int level)
    {
        var (ada, ben, name) = (await shared.PersonAsync(), await shared.PersonAsync(), SharedServer.Name("views"));
        await ada.CreateProjectAsync(name);
        await ada.PostAsync($"/api/v4/projects/{ada.Username}%2F{name}/members", new { user_id = ben.Person.Id, access_level = level });
        return (ada, ben, $"/{ada.Username}/{name}/-/experiments/0");
    }
}

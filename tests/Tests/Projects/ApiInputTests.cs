using System.Text;
using Microsoft.AspNetCore.Http;
using Squero.Projects;

namespace Squero.Tests.Projects;

public sealed class ApiInputTests
{
    [Fact]
    public async Task Form_keys_with_brackets_are_maps_and_lists()
    {
        var input = await FormAsync("position[new_line]=4&position[base_sha]=abc&labels[]=a&labels[]=b&squash=true&id=7");
        Assert.Equal(4, input.Nested("position")!.Number("new_line"));
        Assert.Equal("abc", input.Nested("position")!.Text("base_sha"));
        Assert.Equal(["a", "b"], input.List("labels"));
        Assert.True(input.Flag("squash"));
        Assert.Equal(7, input.Number("id"));
    }

    [Fact]
    public async Task Json_values_are_read_in_the_type_that_is_asked_for()
    {
        var input = await JsonAsync("""{"n": 5, "t": "5", "yes": true, "list": ["a", 1], "none": null, "map": {"a": 1}, "rows": [{"a": 1}, {"a": 2}]}""");
        Assert.Equal("5", input.Text("n"));
        Assert.Equal(5, input.Number("t"));
        Assert.True(input.Flag("yes"));
        Assert.Equal(["a", "1"], input.List("list"));
        Assert.Null(input.Text("none"));
        Assert.Null(input.Text("absent"));
        Assert.Null(input.Nested("n"));
        Assert.Equal([1L, 2L], input.Objects("rows").Select(row => row.Number("a")!.Value));
    }

    [Fact]
    public async Task A_body_wins_over_the_address()
    {
        var context = Context("application/json", """{"title": "from the body"}""");
        context.Request.QueryString = new QueryString("?title=from+the+address&other=kept");
        var input = await ApiInput.ReadAsync(context, TestContext.Current.CancellationToken);
        Assert.Equal("from the body", input.Text("title"));
        Assert.Equal("kept", input.Text("other"));
    }

    [Fact]
    public async Task Lists_may_be_texts_with_commas() => Assert.Equal(["a", "b c", "d"], (await JsonAsync("""{"labels": "a, b c,,d"}""")).List("labels"));

    [Theory]
    [InlineData("maybe")]
    [InlineData("2")]
    public async Task Other_words_are_no_flag(string word)
    {
        var input = await FormAsync($"flag={word}");
        Assert.Contains("flag", Assert.Throws<MissingParameter>(() => input.Flag("flag")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[a]=1")]
    [InlineData("a]=1")]
    [InlineData("a[=1")]
    [InlineData("a[b=1")]
    [InlineData("a[][b]=1")]
    [InlineData("a=1&a[b]=2&a[]=3")]
    [InlineData("=1")]
    public async Task Odd_keys_do_no_harm(string form) => Assert.Null((await FormAsync(form)).Text("b"));

    private static Task<ApiInput> FormAsync(string body) => ReadAsync("application/x-www-form-urlencoded", body);

    private static Task<ApiInput> JsonAsync(string body) => ReadAsync("application/json", body);

    private static Task<ApiInput> ReadAsync(string type, string body) => ApiInput.ReadAsync(Context(type, body), TestContext.Current.CancellationToken);

    private static DefaultHttpContext Context(string type, string body)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = type;
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return context;
    }
}

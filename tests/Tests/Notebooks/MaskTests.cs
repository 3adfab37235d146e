using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>A credential in an output is drawn nowhere, in whatever form the output comes and however it is looked at.</summary>
public sealed class MaskTests
{
    // Put together here, so that no scanner takes this file for a leak.
    private const string Random = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0hJ3lO6";
    private const string Token = "gh" + "p_" + Random;
    private const string Vega = "application/vnd.vegalite.v5+json";

    public static TheoryData<string, string> Forms => new()
    {
        { "text/plain", "token " + Token },
        { "text/plain", "api_key = '" + Random + "'" },
        { "text/markdown", "The *token* is " + Token },
        { "text/markdown", "`api_key: " + Random + "`" },
        { "text/latex", "$x = " + Token + "$" },
        { "text/html", "<table><tr><td>" + Token + "</td></tr></table>" },
        { "application/json", "{\"api_key\": \"" + Random + "\", \"more\": [1, \"" + Token + "\"]}" },
        { "application/json", "{\"log\": \"line\\n" + Token + "\\nend\"}" },
        { "application/json", "\"" + Token + "\"" },
        { Vega, "{\"data\": {\"url\": \"https://ada:" + Random + "@data.example.net/rows\"}, \"title\": \"" + Token + "\"}" },
        { "application/vnd.other", Token },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void No_view_of_a_change_or_a_notebook_shows_it(string mime, string content)
    {
        var (before, after) = (Of(mime, mime.EndsWith("json", StringComparison.Ordinal) ? "{\"other\": 1}" : "other"), Of(mime, content));
        foreach (var look in Enum.GetValues<NotebookLook>())
        {
            var options = Made.Options() with { Look = look, FrameUrl = place => $"/frames/{place.Cell}" };
            Hides(NotebookView.NotebookHtml(after, options));
            Hides(NotebookView.DiffHtml(NotebookDiff.Between(before, after), options));
            Hides(NotebookView.DiffHtml(NotebookDiff.Between(after, before), options));
            Hides(NotebookView.DiffHtml(NotebookDiff.Between(after, after), options));
        }

        Hides(OutputDocument.Of(after, 0, 0)?.Content ?? "");
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Its_lines_of_the_file_are_shown_without_it_and_the_others_are_left(string mime, string content)
    {
        var notebook = Of(mime, content);
        var lines = Encoding.UTF8.GetString(Json(mime, content)).Split('\n');
        var masked = MaskedLines.Of(notebook);

        Assert.NotEmpty(masked);
        Hides(string.Join('\n', lines.Select((line, at) => masked.GetValueOrDefault(at + 1, line))));
        Assert.All(masked, line => Assert.Contains(Random, lines[line.Key - 1], StringComparison.Ordinal));
        Assert.Equal(lines.Index().Where(line => line.Item.Contains(Random, StringComparison.Ordinal)).Select(line => line.Index + 1), masked.Keys.Order());
    }

    [Fact]
    public void The_source_of_a_cell_is_shown_as_it_is() =>
        Assert.Empty(MaskedLines.Of(Made.Notebook(Made.Code($"token = '{Token}'", "c", Made.Printed("fine")))));

    [Fact]
    public void Of_a_private_key_every_line_is_hidden()
    {
        var json = Made.Bytes(Made.Code("show()", "c", Made.Printed("see\n-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow\nabcdef\n-----END RSA PRIVATE KEY-----\nbye")));
        var shown = Shown(json);

        Assert.DoesNotContain("MIIEow", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdef", shown, StringComparison.Ordinal);
        Assert.Contains("bye", shown, StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetString(json).Split('\n').Length, shown.Split('\n').Length);
    }

    [Fact]
    public void A_notebook_on_one_line_and_a_damaged_one_hide_it_too()
    {
        var compact = JsonNode.Parse(Made.Bytes(Made.Code("a", "a", Made.Printed("one " + Token)), Made.Code("b", "b", Made.Printed("two\n" + Token + "\n")))!)!.ToJsonString();
        Hides(Shown(Encoding.UTF8.GetBytes(compact)));
        Assert.Contains("one ghp_…", Shown(Encoding.UTF8.GetBytes(compact)), StringComparison.Ordinal);
        Hides(Shown(Encoding.UTF8.GetBytes("no notebook\n\"" + Token + "\"\n")));
    }

    [Fact]
    public void Two_outputs_that_differ_in_a_credential_alone_are_not_called_equal()
    {
        var html = NotebookView.DiffHtml(
            NotebookDiff.Between(Of("text/plain", "token " + Token), Of("text/plain", "token " + Token.Replace('3', '4'))), Made.Options());

        Assert.Contains("Differs in what is masked here", html, StringComparison.Ordinal);
        Hides(html);
    }

    [Fact]
    public void A_thread_on_a_line_of_an_output_quotes_it_without_the_credential()
    {
        var notebook = Made.Notebook(Made.Code("login()", "c", Made.Printed("welcome\ntoken " + Token + "\nbye")));
        var anchor = NotebookAnchor.Of(NotebookSide.New, notebook.Cells[0]) with { Part = AnchorPart.Output, Output = 0, Line = 2 };

        Assert.Equal("token ghp_…", AnchorText.Of(anchor, notebook));
        Assert.Equal(["welcome", "token ghp_…", "bye"], AnchorText.Around(anchor, notebook));
    }

    [Fact]
    public void Whatever_stands_around_it_every_line_stays_and_nothing_is_found_any_more() =>
        Gen.OneOf(Gen.Const(Token), Gen.Const(Random), Gen.Const("api_key"), Gen.Const("postgres://ada:s3cretWord@db.example.net"), Gen.Const("\\n"), Gen.Const("\\\""), Gen.Const("\\\\"), Gen.Const("\\u00e9"), Gen.Const("\\u"), Gen.Const("\\"),
            Gen.Const("\n"), Gen.Const("\""), Gen.Const(": "), Gen.Const(","), Gen.Const(" "), Gen.Const("é😀"), Gen.Const("eyJ"), Gen.Const("-----BEGIN ")).Array[0, 30].Select(string.Concat).Sample(text =>
        {
            foreach (var mask in new Func<string, string>[] { Credentials.Mask, Credentials.MaskJson })
            {
                var masked = mask(text);
                Assert.Equal(text.Count(letter => letter == '\n'), masked.Count(letter => letter == '\n'));
                Assert.Equal(masked, mask(masked));
                Assert.True(masked.Length <= text.Length, "A mask is no longer than what it hides.");
            }

            Assert.Null(Credentials.Find(Credentials.Mask(text)));
        }, iter: 20_000);

    [Fact]
    public void A_long_text_of_nothing_but_tokens_is_masked_at_once()
    {
        var text = string.Join('\n', Enumerable.Repeat(Token, 40_000));
        var watch = Stopwatch.StartNew();

        Assert.Equal(40_000, Credentials.Mask(text).Split('\n').Count(line => line == "ghp_…"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"It took {watch.Elapsed}.");
    }

    private static Notebook Of(string mime, string content) => Notebook.Parse(Json(mime, content));

    private static byte[] Json(string mime, string content)
    {
        var output = Made.Shown(mime, "");
        output["data"]![mime] = mime.EndsWith("json", StringComparison.Ordinal) ? JsonNode.Parse(content) : content;
        return Made.Bytes(Made.Code("show()", "c", output));
    }

    private static string Shown(byte[] json)
    {
        var masked = MaskedLines.Of(Notebook.Parse(json));
        return string.Join('\n', Encoding.UTF8.GetString(json).Split('\n').Select((line, at) => masked.GetValueOrDefault(at + 1, line)));
    }

    private static void Hides(string html) => Assert.DoesNotContain(Random[8..], WebUtility.HtmlDecode(html), StringComparison.Ordinal);
}

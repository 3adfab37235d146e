using System.Net;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class WarningViewTests
{
    // Put together here, so that no scanner takes this file for a leak.
    private const string Token = "gh" + "p_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0hJ3lO6";
    private const string Above = "class=\"nb-warnings\"";
    private const string AtOutput = "class=\"nb-warning";

    [Theory]
    [InlineData("token " + Token + " accepted", "token ghp_… accepted")]
    [InlineData("postgres://ada:s3cretWord@db.example.net/rows", "postgres://ada:…@db.example.net/rows")]
    [InlineData("-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow\nabcdef\n-----END RSA PRIVATE KEY-----\nbye", "-----BEGIN RSA PRIVATE KEY-----\n…\n…\n-----END RSA PRIVATE KEY-----\nbye")]
    [InlineData("nothing of the kind", "nothing of the kind")]
    [InlineData("a " + Token + "\nb " + Token, "a ghp_…\nb ghp_…")]
    public void A_credential_is_masked_and_every_line_stays(string text, string masked)
    {
        var html = WebUtility.HtmlDecode(NotebookView.NotebookHtml(Of(text), Made.Options()));

        Assert.Contains(">" + masked + "</pre>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_credential_is_named_above_the_file_and_at_its_output_and_repeated_nowhere()
    {
        var html = Diff("ok", "token " + Token + " accepted");

        Assert.Contains("what looks like a credential in cell <a href=\"#f-n0\">1</a>", html, StringComparison.Ordinal);
        Assert.Contains("This looks like a credential: ghp_… (40 characters)", html, StringComparison.Ordinal);
        Assert.DoesNotContain(Token[4..], html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_there_before_is_not_warned_of_again() => Assert.DoesNotContain(Above, Diff(Token, Token), StringComparison.Ordinal);

    [Fact]
    public void An_output_that_goes_is_not_warned_of() => Assert.DoesNotContain(AtOutput, Diff(Token, "fine"), StringComparison.Ordinal);

    [Fact]
    public void Each_kind_is_named_once_however_many_outputs_have_it()
    {
        var cells = Enumerable.Range(0, 9).Select(n => Made.Code($"ls({n})", null, Made.Printed("/home/maria/rows.csv"))).ToArray();

        var html = WebUtility.HtmlDecode(NotebookView.DiffHtml(NotebookDiff.Between(Notebook.Absent, Made.Notebook(cells)), Options));

        Assert.Contains("paths of somebody's home in cells <a href=\"#f-n0\">1</a>, <a", html, StringComparison.Ordinal);
        Assert.Contains(" and 3 more</p>", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split(Above).Length);
    }

    private static NotebookViewOptions Options => Made.Options() with { IdPrefix = "f" };

    private static string Diff(string before, string after) => NotebookView.DiffHtml(NotebookDiff.Between(Of(before), Of(after)), Options);

    private static Notebook Of(string output) => Made.Notebook(Made.Code("login()", "c", Made.Printed(output)));
}

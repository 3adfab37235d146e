using System.Globalization;
using System.Text.RegularExpressions;

namespace Squero.Notebooks;

/// <summary>Lines as notebooks have them: few words, many of them again and again.</summary>
internal sealed partial class DraftWords(Random random)
{
    private static readonly string[] Names =
        ["frame", "model", "score", "train", "rows", "churn", "auc", "fold", "x_test", "labels", "config", "batch", "table", "weights", "prices", "users", "week", "region", "loss", "epochs"];

    private static readonly string[] CodeForms =
    [
        "{0} = load('{1}_{2}.csv')", "{0} = {1}.dropna()", "{0}['{1}'] = {2}", "print({0}.shape, {1})", "for {0} in {1}:", "    {0}.append({1} * {2})", "plt.show()", "{0}.head()",
        "plt.plot({0}, {1}, label='{2}')", "{0} = fit({1}, rate={2})", "# look at {0} before {1}", "assert {0} > {2}", "import {0}", "", "{0}.groupby('{1}').mean()", "plt.title('{0} by {1}')",
    ];

    private static readonly string[] ProseForms =
        ["# About {0}", "The {0} grows with {1}, by {2} at most.", "- {0}: {2}", "We drop {0} because {1} says the same.", "See also {0} and {1}.", "", "Over {2} {0} the {1} stays as it is."];

    public string Name() => Names[random.Next(Names.Length)];

    public string Code() => Fill(CodeForms);

    public string Prose() => Fill(ProseForms);

    /// <summary>Another number or another name, or a few words more.</summary>
    public string Vary(string line)
    {
        var number = random.Next(10, 9999).ToString(CultureInfo.InvariantCulture);
        return Number().IsMatch(line) ? Number().Replace(line, number, 1) : line.Length > 0 ? $"{line}  # {Name()} {number}" : Name() + number;
    }

    /// <summary>As a formatter leaves it: double quotes, no space at the end, one around an equals sign.</summary>
    public static string Format(string line) => Assignment().Replace(line.Replace('\'', '"').TrimEnd(), "$1 = ");

    private string Fill(string[] forms) => string.Format(CultureInfo.InvariantCulture, forms[random.Next(forms.Length)], Name(), Name(), random.Next(1, 500));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    [GeneratedRegex(@"^(\s*\w+)=(?!=)")]
    private static partial Regex Assignment();
}

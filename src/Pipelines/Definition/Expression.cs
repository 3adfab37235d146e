namespace Squero.Pipelines;

/// <summary>A condition such as <c>$CI_COMMIT_BRANCH =~ /^release/ &amp;&amp; $X != null</c>. Immutable; evaluated against any variables.</summary>
internal sealed class Expression
{
    private readonly ExpressionNode root;

    private Expression(string text, ExpressionNode root)
    {
        Text = text;
        this.root = root;
    }

    public string Text { get; }

    /// <summary>Null, with the reason, when the text is no expression.</summary>
    public static Expression? TryParse(string text, out string problem)
    {
        var tokens = ExpressionTokens.Read(text, out problem);
        var root = tokens is null ? null : ExpressionParser.Parse(tokens, out problem);
        return root is null ? null : new Expression(text, root);
    }

    /// <param name="lookup">Value of a variable as it is stored (not expanded), or null.</param>
    public bool Holds(Func<string, string?> lookup) => root.Evaluate(lookup).IsPresent;

    public override string ToString() => Text;
}

namespace Squero.Pipelines;

/// <summary>What a part of a condition is worth: null, a text, or true/false.</summary>
internal readonly record struct ExpressionValue(string? Text, bool? Truth)
{
    public static ExpressionValue Null => default;

    public static ExpressionValue Of(string? text) => new(text, null);

    public static ExpressionValue Of(bool truth) => new(null, truth);

    /// <summary>Not null, not false, not blank.</summary>
    public bool IsPresent => Truth ?? !string.IsNullOrWhiteSpace(Text);
}

/// <summary>A condition as a tree; depth is bounded by the number of tokens.</summary>
internal abstract record ExpressionNode
{
    public abstract ExpressionValue Evaluate(Func<string, string?> lookup);

    internal sealed record Variable(string Name) : ExpressionNode
    {
        public override ExpressionValue Evaluate(Func<string, string?> lookup) => ExpressionValue.Of(lookup(Name));
    }

    internal sealed record Literal(ExpressionValue Value) : ExpressionNode
    {
        public override ExpressionValue Evaluate(Func<string, string?> lookup) => Value;
    }

    /// <summary>A pattern on its own is a text like any other: present.</summary>
    internal sealed record PatternLiteral(SafePattern Pattern, string Text) : ExpressionNode
    {
        public override ExpressionValue Evaluate(Func<string, string?> lookup) => ExpressionValue.Of(Text);
    }

    // && and || look at presence on both sides: Ruby's truth, where "" is true, surprises every reader.
    internal sealed record And(ExpressionNode Left, ExpressionNode Right) : ExpressionNode
    {
        public override ExpressionValue Evaluate(Func<string, string?> lookup) =>
            ExpressionValue.Of(Left.Evaluate(lookup).IsPresent && Right.Evaluate(lookup).IsPresent);
    }

    internal sealed record Or(ExpressionNode Left, ExpressionNode Right) : ExpressionNode
    {
        public override ExpressionValue Evaluate(Func<string, string?> lookup) =>
            ExpressionValue.Of(Left.Evaluate(lookup).IsPresent || Right.Evaluate(lookup).IsPresent);
    }

    internal sealed record Not(ExpressionNode Inner) : ExpressionNode
    {
        public override ExpressionValue Evaluate(Func<string, string?> lookup) => ExpressionValue.Of(!Inner.Evaluate(lookup).IsPresent);
    }

    internal sealed record Same(ExpressionNode Left, ExpressionNode Right, bool Wanted) : ExpressionNode
    {
        public override ExpressionValue Evaluate(Func<string, string?> lookup) =>
            ExpressionValue.Of(Left.Evaluate(lookup) == Right.Evaluate(lookup) == Wanted);
    }

    internal sealed record Match(ExpressionNode Left, ExpressionNode Right, bool Wanted) : ExpressionNode
    {
        public override ExpressionValue Evaluate(Func<string, string?> lookup) => ExpressionValue.Of(Found(lookup) == Wanted);

        private bool Found(Func<string, string?> lookup)
        {
            var text = Left.Evaluate(lookup).Text ?? "";
            if (Right is PatternLiteral literal)
            {
                return literal.Pattern.IsFoundIn(text);
            }

            if (Right.Evaluate(lookup).Text is not { } stored)
            {
                return false;
            }

            // A value that is no pattern is searched in instead, as GitLab does.
            return SafePattern.TryParse(stored.Trim(), out _) is { } pattern
                ? pattern.IsFoundIn(text)
                : stored.Contains(text, StringComparison.Ordinal);
        }
    }
}

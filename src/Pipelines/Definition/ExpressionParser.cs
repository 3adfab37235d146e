namespace Squero.Pipelines;

/// <summary>Binds tokens by precedence: ! first, then comparisons, then &amp;&amp;, then ||, each from left to right.</summary>
internal sealed class ExpressionParser
{
    private readonly IReadOnlyList<Token> tokens;
    private int at;
    private string problem = "";

    private ExpressionParser(IReadOnlyList<Token> tokens) => this.tokens = tokens;

    /// <summary>Null, with the reason, when the tokens make no expression.</summary>
    public static ExpressionNode? Parse(IReadOnlyList<Token> tokens, out string problem)
    {
        var parser = new ExpressionParser(tokens);
        var root = parser.Either();
        if (root is not null && parser.at < tokens.Count)
        {
            root = parser.Fail($"`{tokens[parser.at].Text}` at position {tokens[parser.at].Position + 1} is out of place");
        }

        problem = parser.problem;
        return root;
    }

    private ExpressionNode? Either()
    {
        var left = Both();
        while (left is not null && Take(TokenKind.Or))
        {
            left = Both() is { } right ? new ExpressionNode.Or(left, right) : null;
        }

        return left;
    }

    private ExpressionNode? Both()
    {
        var left = Comparison();
        while (left is not null && Take(TokenKind.And))
        {
            left = Comparison() is { } right ? new ExpressionNode.And(left, right) : null;
        }

        return left;
    }

    private ExpressionNode? Comparison()
    {
        var left = Unary();
        while (left is not null && at < tokens.Count
            && tokens[at].Kind is TokenKind.Equal or TokenKind.NotEqual or TokenKind.Matches or TokenKind.MatchesNot)
        {
            var kind = tokens[at++].Kind;
            left = Unary() is { } right ? Compare(kind, left!, right) : null;
        }

        return left;
    }

    private static ExpressionNode Compare(TokenKind kind, ExpressionNode left, ExpressionNode right) => kind switch
    {
        TokenKind.Equal => new ExpressionNode.Same(left, right, Wanted: true),
        TokenKind.NotEqual => new ExpressionNode.Same(left, right, Wanted: false),
        TokenKind.Matches => new ExpressionNode.Match(left, right, Wanted: true),
        _ => new ExpressionNode.Match(left, right, Wanted: false),
    };

    private ExpressionNode? Unary()
    {
        if (Take(TokenKind.Not))
        {
            return Unary() is { } inner ? new ExpressionNode.Not(inner) : null;
        }

        if (Take(TokenKind.Open))
        {
            var inner = Either();
            return inner is null || Take(TokenKind.Close) ? inner : Fail("a closing parenthesis is missing");
        }

        return Operand();
    }

    private ExpressionNode? Operand()
    {
        if (at >= tokens.Count)
        {
            return Fail("it ends where a value is expected");
        }

        var token = tokens[at++];
        switch (token.Kind)
        {
            case TokenKind.Variable:
                return new ExpressionNode.Variable(token.Text);
            case TokenKind.Text:
                return new ExpressionNode.Literal(ExpressionValue.Of(token.Text));
            case TokenKind.Null:
                return new ExpressionNode.Literal(ExpressionValue.Null);
            case TokenKind.Pattern:
                var pattern = SafePattern.TryParse(token.Text, out var reason);
                return pattern is null ? Fail($"the pattern {token.Text} cannot be used: {reason}") : new ExpressionNode.PatternLiteral(pattern, token.Text);
            default:
                return Fail($"`{token.Text}` at position {token.Position + 1} stands where a value is expected");
        }
    }

    private bool Take(TokenKind kind)
    {
        if (at >= tokens.Count || tokens[at].Kind != kind)
        {
            return false;
        }

        at++;
        return true;
    }

    private ExpressionNode? Fail(string reason)
    {
        problem = problem.Length == 0 ? reason : problem;
        return null;
    }
}

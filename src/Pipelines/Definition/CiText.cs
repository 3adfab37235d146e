using System.Globalization;

namespace Squero.Pipelines;

/// <summary>Spells values as Ruby does, so that a bare number in a file becomes the text people know.</summary>
internal static class CiText
{
    public static string Of(CiScalar scalar) => scalar.Value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double fraction => Of(fraction),
        var text => (string)text,
    };

    private static string Of(double fraction)
    {
        if (double.IsNaN(fraction) || double.IsInfinity(fraction))
        {
            return double.IsNaN(fraction) ? "NaN" : fraction > 0 ? "Infinity" : "-Infinity";
        }

        var size = Math.Abs(fraction);
        if (size != 0 && size is < 1e-4 or >= 1e16)
        {
            var text = fraction.ToString("0.0################e+00", CultureInfo.InvariantCulture);
            return text;
        }

        var plain = fraction.ToString("0.0####################", CultureInfo.InvariantCulture);
        return double.Parse(plain, CultureInfo.InvariantCulture).Equals(fraction) ? plain : fraction.ToString("R", CultureInfo.InvariantCulture);
    }
}

using CsCheck;
using Squero.Ui;

namespace Squero.Tests.Ui;

public sealed class NumbersAndTimesTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.93417, 0.0021, "0.934")]
    [InlineData(0.93417, 0.00018, "0.93417")]
    [InlineData(0.93417, 0.03, "0.93")]
    [InlineData(12345.6, 300, "12,300")]
    [InlineData(-0.0131, 0.002, "−0.013")]
    public void A_number_has_as_many_digits_as_its_error_allows(double value, double error, string text) =>
        Assert.Equal(text, MetricText.Format(value, error));

    [Theory]
    [InlineData(0.2107, "0.2107")]
    [InlineData(40000, "40,000")]
    [InlineData(0.00001234, "1.234e−5")]
    [InlineData(1234567890123, "1.2346e12")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "−∞")]
    [InlineData(0, "0")]
    public void A_number_without_error_has_five_digits(double value, string text) => Assert.Equal(text, MetricText.Format(value));

    [Fact]
    public void No_number_is_refused() =>
        Gen.Select(Gen.Double, Gen.Double).Sample((value, error) => Assert.NotEmpty(MetricText.Format(value, error)));

    [Fact]
    public void Numbers_of_a_column_end_at_the_same_place()
    {
        double[] values = [0.86524, 0.864, -0.0027322, double.NaN];
        var decimals = MetricText.DecimalsOf(values, 4);
        Assert.Equal(["0.8652", "0.8640", "−0.0027", "NaN"], values.Select(value => MetricText.Aligned(value, decimals)));
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "∞")]
    [InlineData(1.5e300, "1.5e300")]
    [InlineData(double.NaN, "NaN")]
    public void One_diverged_number_costs_the_others_of_its_column_no_digit(double diverged, string text)
    {
        double[] values = [0.86524, diverged];
        var decimals = MetricText.DecimalsOf(values, 4);
        Assert.Equal(["0.8652", text], values.Select(value => MetricText.Aligned(value, decimals)));
    }

    [Fact]
    public void What_would_read_as_zero_is_written_out() => Assert.Equal("1.2e−6", MetricText.Aligned(0.0000012, 4));

    [Fact]
    public void Whole_numbers_take_no_decimals() => Assert.Equal(0, MetricText.DecimalsOf([600, 12], 4));

    [Fact]
    public void No_number_of_a_column_is_refused() =>
        Gen.Select(Gen.Double, Gen.Double).Sample((one, other) =>
            Assert.NotEmpty(MetricText.Aligned(one, MetricText.DecimalsOf([one, other], 4))));

    [Theory]
    [InlineData(-20, "just now")]
    [InlineData(-60, "1 minute ago")]
    [InlineData(-420, "7 minutes ago")]
    [InlineData(7200, "in 2 hours")]
    [InlineData(-86400, "yesterday")]
    [InlineData(-86400 * 5, "5 days ago")]
    [InlineData(-86400 * 60, "16 Apr")]
    [InlineData(-86400 * 400, "11 May 2025")]
    public void A_time_is_said_as_people_say_it(int seconds, string text) =>
        Assert.Equal(text, TimeText.Relative(Now.AddSeconds(seconds), Now));

    [Theory]
    [InlineData(0.42, "0.4 s")]
    [InlineData(432, "7 m 12 s")]
    [InlineData(3600, "1 h")]
    [InlineData(90000, "1 d 1 h")]
    public void A_duration_has_two_units_at_most(double seconds, string text) =>
        Assert.Equal(text, TimeText.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("Ada Lovelace", "AL")]
    [InlineData("ada", "A")]
    [InlineData("", "?")]
    [InlineData("grace.hopper", "GH")]
    public void Initials_stand_for_a_name(string name, string initials) => Assert.Equal(initials, Initials.Of(name));

    [Fact]
    public void A_flash_reads_what_it_wrote_only()
    {
        Assert.Null(Flash.Read("%%%"));
        Assert.Null(Flash.Read("bm9uc2Vuc2U"));
        Assert.Equal((Tone.Ok, "Saved."), Flash.Read("b2sgU2F2ZWQu"));
    }
}

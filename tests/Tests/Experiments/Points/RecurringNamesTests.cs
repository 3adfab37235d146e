using CsCheck;
using Squero.Experiments;

namespace Squero.Tests.Experiments;

public sealed class RecurringNamesTests
{
    [Fact]
    public void Names_are_numbered_in_the_order_in_which_they_first_come_whatever_comes_between() =>
        Gen.Int[0, 6].List[0, 60].Sample(draws =>
        {
            var names = new RecurringNames();
            var known = new List<string>();
            foreach (var name in draws.Select(draw => $"metric {draw}"))
            {
                var before = names.Count;
                var number = names.NumberOf(name);
                Assert.Equal(!known.Contains(name), number == before);
                if (number == before)
                {
                    known.Add(name);
                }

                Assert.Equal((known.IndexOf(name), known.Count), (number, names.Count));
            }
        });

    [Fact]
    public void What_one_call_logs_of_a_metric_travels_together_in_its_order() =>
        Gen.Select(Gen.Int[0, 4], Gen.Long[0, 5], Gen.Long[0, 5], PointBlockTests.Values, (name, step, at, value) => new NamedPoint($"m{name}", new MetricPoint(step, at, value))).List[0, 40].Sample(logged =>
        {
            var parcels = SeriesParcel.Of(logged);
            Assert.Equal(logged.Select(named => named.Name).Distinct(), parcels.Select(parcel => parcel.Name));
            foreach (var parcel in parcels)
            {
                var own = logged.Where(named => named.Name == parcel.Name).Select(named => named.Point).ToList();
                Assert.Equal(own.Select(point => (point.Step, point.AtMs)), parcel.Points.Select(point => (point.Step, point.AtMs)));
                Assert.Equal(own.Select(point => (point.Step, point.AtMs)).Distinct().Count() > 1, parcel.IsCurve);
                Assert.All(parcel.Points, point => Assert.True(SeriesOrder.ByStep.Compare(parcel.Latest, point) >= 0));
                Assert.Equal(parcel.Points.Length >= SeriesParcel.PackedFrom, parcel.Body is not null);
                List<MetricPoint> read = [];
                PointBlock.Read(parcel.Body ?? PointBlock.Write(parcel.Points), read);
                Assert.Equal(parcel.Points, read);
            }
        });
}

using CsCheck;
using Squero.Experiments;

namespace Squero.Tests.Experiments;

/// <summary>The pure parts of comparing: groups, means, boxes, maps.</summary>
public sealed class CompareTests
{
    [Theory]
    [InlineData("seed", true)]
    [InlineData("model/random_state", true)]
    [InlineData("torch_seed", true)]
    [InlineData("cv.fold", true)]
    [InlineData("Seed", true)]
    [InlineData("seedling_count", false)]
    [InlineData("depth", false)]
    public void Seeds_are_known_by_their_last_word(string param, bool expected) => Assert.Equal(expected, SeedGroups.IsSeed(param));

    [Fact]
    public void Candidates_are_one_group_exactly_when_all_but_the_seed_is_equal()
    {
        var value = Gen.Int[0, 2].Select(number => $"{number}");
        Gen.Select(value, value, value).Array[1, 20].Sample(rows =>
        {
            var candidates = rows.Select((_, index) => new Candidate { Id = index, Iid = index }).ToList();
            var paramsOf = rows.Select((row, index) => (index, row)).ToDictionary(
                pair => (long)pair.index, pair => (IReadOnlyList<NamedText>)[new("seed", pair.row.Item1), new("a", pair.row.Item2), new("b", pair.row.Item3)]);
            var groups = SeedGroups.Of(candidates, paramsOf);
            Assert.Equal(candidates.Count, groups.Sum(group => group.Count));
            Assert.Equal(rows.Select(row => (row.Item2, row.Item3)).Distinct().Count(), groups.Count);
            Assert.All(groups, group => Assert.Single(group.Candidates.Select(candidate => (rows[candidate.Id].Item2, rows[candidate.Id].Item3)).Distinct()));
            Assert.Equal(groups.Count, groups.Select(group => group.Name).Distinct().Count());
        });
    }

    [Fact]
    public void Texts_that_run_together_are_still_apart()
    {
        var candidates = new[] { new Candidate { Id = 1, Iid = 1 }, new Candidate { Id = 2, Iid = 2 } };
        var paramsOf = new Dictionary<long, IReadOnlyList<NamedText>> { [1] = [new("a", "b1:c"), new("d", "")], [2] = [new("a", "b"), new("d", "1:c")] };
        Assert.Equal(2, SeedGroups.Of(candidates, paramsOf).Count);
    }

    [Fact]
    public void The_mean_of_a_group_lies_in_a_band_that_holds_every_peak()
    {
        var line = Gen.Double[-100, 100].Array[1, 1500];
        line.Array[1, 4].Sample(
            lines =>
            {
                var curve = GroupCurve.Of("g", [.. lines.Select(values => (IReadOnlyList<(double, double)>)[.. values.Select((value, index) => ((double)index, value))])], 7);
                Assert.True(curve.Points.Count <= GroupCurve.MaxPlaces);
                Assert.Equal(lines.SelectMany(values => values).Min(), curve.Low.Min());
                Assert.Equal(lines.SelectMany(values => values).Max(), curve.High.Max());
                Assert.Equal(curve.Points.Select(point => point.X).Order(), curve.Points.Select(point => point.X));
                for (var index = 0; index < curve.Points.Count; index++)
                {
                    Assert.InRange(curve.Points[index].Y, curve.Low[index] - 1e-9, curve.High[index] + 1e-9);
                }
            },
            iter: 200);
    }

    [Fact]
    public void Where_every_place_is_kept_the_mean_is_that_of_the_members_that_are_there()
    {
        var curve = GroupCurve.Of("g", [[(0, 1), (1, 3), (2, double.NaN)], [(0, 3), (3, 9)]], 5);
        Assert.Equal([(0, 2), (1, 3), (3, 9)], curve.Points);
        Assert.Equal([1, 3, 9], curve.Low);
        Assert.Equal([3, 3, 9], curve.High);
        Assert.Equal(2, curve.Members);
        Assert.Equal(5, curve.Total);
    }

    [Fact]
    public void Members_that_measured_at_other_times_are_still_one_mean()
    {
        var lines = Enumerable.Range(0, 4).Select(member => (IReadOnlyList<(double, double)>)[.. Enumerable.Range(0, 50).Select(index => ((index * 100.0) + (member * 7), member * 10.0))]).ToList();
        var curve = GroupCurve.Of("g", lines, 200, isShared: false);
        Assert.Equal(50, curve.Points.Count);
        Assert.All(curve.Points, point => Assert.Equal(15, point.Y));
    }

    [Fact]
    public void One_metric_over_another_is_the_mean_of_each_at_the_steps_that_members_share()
    {
        IReadOnlyList<(long, double, double)> first = [(0, 8, 1), (1, 4, 3), (2, 2, double.NaN)];
        var curve = GroupCurve.OverMetric("g", [first, [(0, 10, 3), (1, 6, 5), (2, 3, 7)]], CurveRange.All);
        Assert.Equal([(3, 7), (5, 4), (9, 2)], curve.Points);
        Assert.Equal([7, 3, 1], curve.Low);
        Assert.Equal([7, 5, 3], curve.High);
        Assert.Equal((6, 1), (curve.Total, curve.Gaps));
        Assert.Equal([(5, 4)], GroupCurve.OverMetric("g", [first, [(0, 10, 3), (1, 6, 5)]], new CurveRange(4, 6)).Points);
    }

    [Fact]
    public void A_group_that_shares_every_param_is_not_called_by_the_name_of_one_of_its_members()
    {
        var candidates = Enumerable.Range(1, 3).Select(id => new Candidate { Id = id, Iid = id, Name = $"fold {id}" }).ToList();
        var folds = candidates.ToDictionary(candidate => candidate.Id, candidate => (IReadOnlyList<NamedText>)[new("fold", $"{candidate.Id}")]);
        Assert.Equal("c-1 and its like", Assert.Single(SeedGroups.Of(candidates, folds)).Name);
        Assert.Equal("fold 1", Assert.Single(SeedGroups.Of([candidates[0]], folds)).Name);
    }

    [Fact]
    public void Params_that_most_candidates_have_are_drawn_before_those_of_one()
    {
        var candidates = Enumerable.Range(1, 5).Select(id => new Candidate { Id = id, Iid = id }).ToList();
        var paramsOf = candidates.ToDictionary(
            candidate => candidate.Id, candidate => (IReadOnlyList<NamedText>)(candidate.Id == 1 ? [new("a", "1"), new("depth", "1")] : [new("depth", $"{candidate.Id}")]));
        Assert.Equal(["depth", "a"], new CompareSet(candidates, new MatchCount(5, true), paramsOf, [], [], "").Differing);

        // None is had by most: then that of the most.
        var some = candidates.ToDictionary(candidate => candidate.Id, candidate => (IReadOnlyList<NamedText>)(candidate.Id switch { 1 => [new("a", "1")], 2 => [new("depth", "1")], 3 => [new("depth", "2")], _ => [] }));
        Assert.Equal(["depth", "a"], new CompareSet(candidates, new MatchCount(5, true), some, [], [], "").Differing);
    }

    [Fact]
    public void What_is_no_number_breaks_a_line_and_is_counted()
    {
        var curve = Curve.Of("m", [.. Enumerable.Range(0, 10_000).Select(step => ((double)step, step is > 10 and < 500 ? double.NaN : step))]);
        Assert.Equal(489, curve.Gaps);
        Assert.Contains(curve.Points, point => double.IsNaN(point.Y));
    }

    [Fact]
    public void A_box_holds_the_middle_half_and_tells_what_is_outside()
    {
        var numbers = BoxNumbers.Of([1, 2, 3, 4, 5, 100, double.NaN]);
        Assert.Equal((1, 2.25, 3.5, 4.75, 5), (numbers.Low, numbers.Lower, numbers.Middle, numbers.Upper, numbers.High));
        Assert.Equal([100], numbers.Outside);
        Gen.Double[-10, 10].Array[1, 50].Sample(values =>
        {
            var box = BoxNumbers.Of(values);
            Assert.True(box.Low <= box.Lower + 1e-9 && box.Lower <= box.Middle && box.Middle <= box.Upper && box.Upper <= box.High + 1e-9 || box.Outside.Count > 0);
            Assert.Equal(values.Length, box.Outside.Count + values.Count(value => value >= box.Low && value <= box.High));
        });
    }

    [Fact]
    public void A_map_covers_its_ground_once_and_stays_between_what_was_measured()
    {
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[-5, 5]).Array[1, 30].Sample(
            places =>
            {
                var (cells, edges) = ContourMap.Of([.. places.Select(place => (place.Item1, place.Item2, place.Item3))]);
                Assert.Equal(1, cells.Sum(cell => cell.Width * cell.Height), 6);
                Assert.All(cells, cell => Assert.InRange(cell.Level, 0, ContourMap.Levels - 1));
                Assert.Equal(places.Min(place => place.Item3), edges[0], 9);
                Assert.Equal(places.Max(place => place.Item3), edges[^1], 9);
            },
            iter: 50);
    }

    [Fact]
    public void A_curve_over_another_metric_joins_by_step()
    {
        var line = Curve.Line([new(1, 0, 10), new(2, 0, 20), new(3, 0, 30)], [new(2, 0, 5), new(3, 0, 1), new(3, 1, 4), new(9, 0, 2)], CurveRange.All);
        Assert.Equal([(4, 30), (5, 20)], line);
        Assert.Equal([(5, 20)], Curve.Line([new(2, 0, 20), new(3, 0, 30)], [new(2, 0, 5), new(3, 0, 4)], CurveRange.Parse("4.5", null)));
    }
}

using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>A part of the rows that was asked for is never silently empty.</summary>
public sealed class EmptyPartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private JobSpec Job(string split, params string[] settings) => DataJobs.Of(
        _folder.Write("rows.csv", "a,target\n" + string.Concat(Enumerable.Range(0, 9).Select(i => $"{i},{i % 3}\n"))), "softmax", [$"data.split={split}", .. settings]);

    [Theory]
    [InlineData("{ train: 0.95, validation: 0.05 }", "validation")]
    [InlineData("{ train: 0.75, validation: 0.2, test: 0.05 }", "test")]
    [InlineData("{ train: 0.96, validation: 0.02, test: 0.02 }", "validation")]
    public void A_part_that_rounds_to_no_rows_is_refused(string split, string part)
    {
        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(Job(split), NumberKind.Float32));

        error.Wanted.ShouldBe($"at least one {part} row");
        error.Got.ShouldContain("of 9 rows");
        error.Advice.ShouldContain($"data.split.{part}");
    }

    [Fact]
    public void A_fold_has_no_validation_part_whatever_the_split_says() =>
        PreparedData.LoadFold(Job("{ train: 0.95, validation: 0.05 }"), NumberKind.Float32, 0, 3).Validation.Count.ShouldBe(0);

    [Theory]
    [InlineData("0.5,1,1.5", 12, true)]
    [InlineData("0.5,1,1.5", 4, false)]
    [InlineData("1,2,3,4", 4, true)]
    [InlineData("a,1.5,2.5", 3, true)]
    [InlineData("1.5,2.5", 2, true)]
    public void A_few_decimal_classes_are_classes(string classes, int rows, bool accepted)
    {
        string[] names = classes.Split(',');
        string file = _folder.Write("few.csv", "a,target\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"{i},{names[i % names.Length]}\n")));

        Action load = () => PreparedData.Load(DataJobs.Of(file, "softmax"), NumberKind.Float32);

        if (accepted) load();
        else Should.Throw<BadInputException>(load).Wanted.ShouldContain("classes");
    }
}

using Cluster.Ml.Data.Folds;

namespace Cluster.Ml.Tests.Data.Folds;

public class FoldPlanTests
{
    public static readonly TheoryData<FoldPlan, string> Plans = new()
    {
        { new FoldPlan(5), "5" },
        { new FoldPlan(10) { Repeats = 3 }, "10 repeats=3" },
        { new FoldPlan(4) { IsTimeOrdered = true }, "4 time-ordered" },
        { new FoldPlan(3) { Group = "site" }, "3 group=site" },
        { new FoldPlan(3) { Repeats = 2, Group = "a group=b repeats=9" }, "3 repeats=2 group=a group=b repeats=9" },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void Its_text_reads_back_as_the_plan(FoldPlan plan, string text)
    {
        plan.ToString().ShouldBe(text);
        FoldPlan.Read(text).ShouldBe(plan);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("five")]
    [InlineData("5 ")]
    [InlineData("5 repeats=0")]
    [InlineData("5 repeats=x")]
    [InlineData("5 shuffled")]
    public void Other_texts_are_no_plan(string text) => FoldPlan.Read(text).ShouldBeNull();

    [Fact]
    public void A_row_is_trained_on_in_all_folds_but_its_own_and_the_first_of_a_time_in_all()
    {
        new FoldPlan(5).TrainingsOfARow.ShouldBe(4);
        new FoldPlan(5) { Repeats = 3 }.TrainingsOfARow.ShouldBe(12);
        new FoldPlan(5) { IsTimeOrdered = true }.TrainingsOfARow.ShouldBe(5);
    }
}

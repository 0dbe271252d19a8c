using System.Reflection;
using Cluster.Ml.Data;

namespace Cluster.Ml.Tests.Data;

/// <summary>No public path leads from a validation or test row to what a learner learns from.</summary>
public class GoldenRuleTests
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Type[] s_types = [.. typeof(TrainingShard).Assembly.GetExportedTypes()];

    [Fact]
    public void A_training_shard_has_no_public_constructor() => typeof(TrainingShard).GetConstructors(Public).ShouldBeEmpty();

    [Fact]
    public void Only_the_prepared_data_makes_training_shards_and_from_numbers_alone()
    {
        MethodInfo[] makers = [.. s_types.SelectMany(t => t.GetMethods(Public)).Where(m => !m.IsSpecialName && m.Name != "Deconstruct" && Gives(m, typeof(TrainingShard)))];

        makers.ShouldBe([typeof(PreparedData).GetMethod(nameof(PreparedData.Shard))!]);
        makers[0].GetParameters().Select(p => p.ParameterType).ShouldBe([typeof(int), typeof(int)]);
    }

    [Fact]
    public void A_micro_batch_is_made_from_nothing_but_a_training_shard()
    {
        ConstructorInfo constructor = typeof(MicroBatch).GetConstructors(Public).ShouldHaveSingleItem();

        constructor.GetParameters()[0].ParameterType.ShouldBe(typeof(TrainingShard));
        constructor.GetParameters().ShouldNotContain(p => p.ParameterType == typeof(RowRange) || p.ParameterType == typeof(RowTable));
    }

    [Fact]
    public void No_public_method_takes_rows_of_any_split_and_gives_something_to_learn_from()
    {
        Type[] learned = [typeof(TrainingShard), typeof(MicroBatch)], seen = [typeof(RowRange), typeof(RowTable)];

        s_types.SelectMany(t => t.GetMethods(Public))
            .Where(m => learned.Any(t => Gives(m, t)) && m.GetParameters().Any(p => seen.Contains(p.ParameterType)))
            .ShouldBeEmpty();
    }

    [Fact]
    public void The_shards_of_a_split_never_hold_its_validation_or_test_rows()
    {
        PreparedData data = PreparedData.Load(
            DataJobs.Of(RepositoryFiles.Example("iris.csv"), "softmax", "data.split={ train: 0.6, validation: 0.2, test: 0.2 }"), Ml.Numerics.NumberKind.Float32);

        int[] learned = [.. Enumerable.Range(0, 4).SelectMany(s => data.Shard(s, 4).Rows.ToArray())];

        learned.Intersect(data.Validation.Order.ToArray()).ShouldBeEmpty();
        learned.Intersect(data.Test.Order.ToArray()).ShouldBeEmpty();
        learned.Order().ShouldBe(data.Training.Order.ToArray());
    }

    private static bool Gives(MethodInfo method, Type type) =>
        Holds(method.ReturnType, type) || method.GetParameters().Any(p => p.IsOut && Holds(p.ParameterType.GetElementType()!, type));

    private static bool Holds(Type given, Type type) =>
        given == type || given.GetElementType() == type || (given.IsGenericType && given.GetGenericArguments().Any(a => Holds(a, type)));
}

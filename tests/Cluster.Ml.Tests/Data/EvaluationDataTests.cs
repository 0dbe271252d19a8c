using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>Rows to measure a model on: its classes are found by their names, whatever numbers a source gives them.</summary>
public sealed class EvaluationDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_of_some_classes_is_measured_on_their_rows_of_its_own_folder()
    {
        SomeIdx.Write(_folder, 30, 9, 2, 2, packed: false);
        Preprocessing trained = PreparedData.Load(SomeIdx.Job(_folder.Path, "softmax", "data.classes=[ 2, 1 ]"), NumberKind.Float32).Preprocessing;
        trained.Classes.ShouldBe(["1", "2"]);

        RowRange rows = PreparedData.LoadForEvaluation(_folder.Path, trained, ["2", "1"], NumberKind.Float32);

        rows.Order.ToArray().ShouldBe([1, 2, 4, 5, 7, 8]);
        rows.Order.ToArray().Select(row => rows.Table.Targets[row]).ShouldBe([0, 1, 0, 1, 0, 1]);
        rows.Table.Rows.ShouldBe(9);
    }

    [Fact]
    public void Images_of_classes_that_the_model_does_not_know_are_named()
    {
        SomeIdx.Write(_folder, 30, 9, 2, 2, packed: true);
        Preprocessing trained = PreparedData.Load(SomeIdx.Job(_folder.Path, "softmax"), NumberKind.Float32).Preprocessing with { Classes = ["1", "2", "7"] };

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.LoadForEvaluation(_folder.Path, trained, [], NumberKind.Float32));

        (error.Wanted, error.Got).ShouldBe(("classes that the model knows", "'0' in image 1"));
    }

    [Fact]
    public void Rows_of_a_table_of_other_classes_are_left_out_where_the_job_chose_some()
    {
        Preprocessing trained = Trained("data.classes=[ c, a ]");

        RowRange rows = PreparedData.LoadForEvaluation(_folder.Write("new.csv", "x,target\n1,b\n2,c\n3,a\n4,d\n"), trained, ["c", "a"], NumberKind.Float32);

        rows.Order.ToArray().Select(row => rows.Table.Targets[row]).ShouldBe([1, 0]);
        Should.Throw<BadInputException>(() => PreparedData.LoadForEvaluation(_folder.Write("none.csv", "x,target\n1,b\n"), trained, ["c", "a"], NumberKind.Float32))
            .Message.ShouldContain("rows of the classes c, a");
    }

    [Fact]
    public void A_missing_target_is_no_other_class()
    {
        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.LoadForEvaluation(
            _folder.Write("new.csv", "x,target\n1,a\n2,NA\n"), Trained("data.classes=[ c, a ]"), ["c", "a"], NumberKind.Float32));

        (error.Line, error.Column).ShouldBe((3, 3));
    }

    [Fact]
    public void Classes_of_CIFAR_are_found_by_what_its_folder_calls_them()
    {
        string[] names = [.. "abcdefghij".Select(letter => $"{letter}")];
        byte[] records = new byte[3073 * 2];
        (records[0], records[3073]) = (0, 9);
        _folder.Write("test_batch.bin", records);
        _folder.Write("batches.meta.txt", string.Join('\n', names.Reverse()));
        Preprocessing trained = new([.. Enumerable.Range(0, 3072).Select(i => $"{i}")], null, TargetKind.Class, names, Scaler.Identity, new ImageShape(32, 32, 3));

        PreparedData.LoadForEvaluation(_folder.Path, trained, [], NumberKind.Float32).Table.Targets.ShouldBe([9, 0]);
    }

    [Fact]
    public void Images_of_another_shape_are_refused_though_they_have_as_many_numbers()
    {
        SomeIdx.Write(_folder, 12, 0, 2, 6, packed: false);
        Preprocessing trained = PreparedData.Load(SomeIdx.Job(_folder.Path, "softmax"), NumberKind.Float32).Preprocessing with { Image = new ImageShape(3, 4, 1) };

        Should.Throw<BadInputException>(() => PreparedData.LoadForPrediction(_folder.Path, trained, NumberKind.Float32)).Message.ShouldContain("images of 3 x 4 x 1");
    }

    [Fact]
    public void Images_of_another_domain_need_no_labels()
    {
        SomeIdx.Write(_folder, 30, 0, 2, 2, packed: false);
        using TemporaryFolder other = new();
        SomeIdx.Write(other, 12, 0, 2, 2, packed: false);
        File.Delete(Path.Combine(other.Path, SomeIdx.Labels));

        PreparedData data = PreparedData.Load(
            SomeIdx.Job(_folder.Path, "mlp", $"data.adapt-to={other.Path}", "model.adapt={ layers: [ { dense: 4 } ] }"), NumberKind.Float32);

        data.Shape.UnlabelledExamples.ShouldBe(12);
    }

    private Preprocessing Trained(params string[] settings) => PreparedData.Load(
        DataJobs.Of(_folder.Write("train.csv", "x,target\n1,a\n2,b\n3,c\n4,a\n5,c\n"), "softmax", settings), NumberKind.Float32).Preprocessing;
}

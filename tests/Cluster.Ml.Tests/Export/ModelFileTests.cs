using System.Buffers.Binary;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Jobs;

namespace Cluster.Ml.Tests.Export;

public sealed class ModelFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-model-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "runs", "model.cluster");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static SavedModel Model(float first = 0.1f)
    {
        NumericBuffer state = new(NumberKind.Float32, 5);
        ((ReadOnlySpan<float>)[first, -2.5f, float.Epsilon, 3e38f, -0f]).CopyTo(state.Floats);
        Metrics metrics = new([new("accuracy", 0.975), new("log-loss", double.NaN)], new long[,] { { 3, 1 }, { 0, 4 } });
        string[] names = ["a", "b é"], classes = ["no", "yes"];
        return new SavedModel(
            Some.Job("privacy={noise: 1.1}"), new DataShape(2, classes, 100, names, new ImageShape(1, 2, 1)),
            new Preprocessing(names, "label", TargetKind.Class, classes, new Scaler(ScaleKind.Standard, [0.1, 1 / 3.0], [1, 2]), new ImageShape(1, 2, 1)),
            new TrainedModel(state, CourseStatus.StoppedEarly, 120, 7, metrics, Metrics.None, metrics, 1.25, 1e-5));
    }

    [Fact]
    public void A_model_reads_back_as_it_was_written()
    {
        SavedModel wanted = Model();

        ModelFile.Write(Path, wanted);
        SavedModel read = ModelFile.Read(Path);

        read.Spec.ShouldBe(wanted.Spec);
        read.Shape.FeatureNames.ShouldBe(wanted.Shape.FeatureNames);
        read.Shape.Classes.ShouldBe(wanted.Shape.Classes);
        (read.Shape with { FeatureNames = wanted.Shape.FeatureNames, Classes = wanted.Shape.Classes }).ShouldBe(wanted.Shape);
        read.Preprocessing.ToJson().ShouldBe(wanted.Preprocessing.ToJson());
        read.Model.State.Bytes.ToArray().ShouldBe(wanted.Model.State.Bytes.ToArray());
        read.Model.Sha256.ShouldBe(wanted.Model.Sha256);
        read.Model.Training.Values.ShouldBe(wanted.Model.Training.Values);
        read.Model.Training.Confusion.ShouldBe(wanted.Model.Training.Confusion);
        read.Model.Validation.Values.ShouldBeEmpty();
        (read.Model.Status, read.Model.Steps, read.Model.Epochs, read.Model.Epsilon, read.Model.Delta).ShouldBe((CourseStatus.StoppedEarly, 120, 7, 1.25, 1e-5));
    }

    [Fact]
    public void Equal_models_give_equal_files_and_nothing_is_left_beside_them()
    {
        ModelFile.Write(Path, Model());
        byte[] first = File.ReadAllBytes(Path);
        ModelFile.Write(Path, Model());

        File.ReadAllBytes(Path).ShouldBe(first);
        Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!).ShouldBe([Path]);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_model()
    {
        ModelFile.Write(Path, Model());

        Should.Throw<IOException>(() => AtomicFile.Write(Path, file =>
        {
            file.Write("half"u8);
            throw new IOException("disk full");
        }));

        ModelFile.Read(Path).Model.Sha256.ShouldBe(Model().Model.Sha256);
        File.Exists(Path + AtomicFile.PartSuffix).ShouldBeFalse();
    }

    [Fact]
    public void A_link_that_somebody_put_beside_the_model_is_not_written_through_and_the_model_is_closed_to_others()
    {
        string target = System.IO.Path.Combine(_folder, "target.txt");
        File.WriteAllText(target, "mine");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.CreateSymbolicLink(Path + AtomicFile.PartSuffix, target);

        ModelFile.Write(Path, Model());

        File.ReadAllText(target).ShouldBe("mine");
        FileStatus.Of(Path).ShouldBe(new FileStatus(FileKind.Regular, FileStatus.CurrentUser, PrivateFiles.FileMode));
        ModelFile.Read(Path).Model.Sha256.ShouldBe(Model().Model.Sha256);
    }

    [Fact]
    public void A_file_cut_anywhere_is_recognised()
    {
        ModelFile.Write(Path, Model());
        byte[] whole = File.ReadAllBytes(Path);

        for (int length = 0; length < whole.Length; length += length < 40 ? 1 : 5)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Exception? error = Record.Exception(() => ModelFile.Read(Path));
            Assert.Contains(length < 8 ? "begins with CLUSTERM" : "cut short", Assert.IsType<BadInputException>(error).Message);
        }
    }

    [Fact]
    public void Any_damaged_byte_is_recognised()
    {
        ModelFile.Write(Path, Model());
        byte[] whole = File.ReadAllBytes(Path);

        for (int at = 0; at < whole.Length; at += at < 40 ? 1 : 5)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x11;
            File.WriteAllBytes(Path, damaged);
            Exception? error = Record.Exception(() => ModelFile.Read(Path));
            Assert.True(error is BadInputException { File: var file } && file == Path, $"byte {at}: {error}");
        }
    }

    [Fact]
    public void A_longer_newer_foreign_or_absent_file_is_named_as_what_it_is()
    {
        ModelFile.Write(Path, Model());
        byte[] whole = File.ReadAllBytes(Path), newer = [.. whole];
        BinaryPrimitives.WriteInt32LittleEndian(newer.AsSpan(8), 2);

        Refusal([.. whole, 0]).ShouldContain("something was appended");
        Refusal(newer).ShouldContain("wanted a model file of version 1, got version 2; use the newer program");
        Refusal("PK\u0003\u0004 something else"u8.ToArray()).ShouldContain("another kind of file");
        File.Delete(Path);
        Should.Throw<BadInputException>(() => ModelFile.Read(Path)).Got.ShouldBe("no such file");
        Should.Throw<BadInputException>(() => ModelFile.Read(_folder)).Got.ShouldBe("a folder");
    }

    private string Refusal(byte[] content)
    {
        File.WriteAllBytes(Path, content);
        return Should.Throw<BadInputException>(() => ModelFile.Read(Path)).Message;
    }
}

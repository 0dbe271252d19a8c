using System.Buffers.Binary;
using System.Text;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Export.Arrays;
using Cluster.Ml.Nn;
using Cluster.Ml.Tests.Export.Onnx;

namespace Cluster.Ml.Tests.Export.Arrays;

/// <summary>Files of tensors: what is written is read, and what is not sound is refused with its place.</summary>
public sealed class TensorFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-tensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("npz")]
    [InlineData("safetensors")]
    public void The_tensors_of_a_network_are_its_state_by_name_and_shape(string format)
    {
        (SavedModel saved, _) = OnnxFormatTests.Train("digits-cnn", "training.epochs=1");
        string path = Path(format);

        IReadOnlyList<ExportedPart> parts = ExportFormat.Of(format).Write(path, saved, new ExportOptions());
        IReadOnlyDictionary<string, FloatTensor> read = TensorFile.Read(path);

        parts.Where(part => part.Name.EndsWith(".weight", StringComparison.Ordinal)).Select(part => part.Shape).ShouldBe(["3 x 3 x 1 x 16", "3 x 3 x 16 x 32", "128 x 10"]);
        string[] names = [.. NetworkTensors.Of(((NetworkLearner)saved.CreateLearner()).Model.Layout, saved.Model.State).Select(tensor => tensor.Name)];
        names.SelectMany(name => read[name].Values).ShouldBe(saved.Model.State.Floats.ToArray());
        read["scaler.offsets"].Values.Length.ShouldBe(saved.Preprocessing.FeatureNames.Count);
    }

    [Theory]
    [InlineData("npz")]
    [InlineData("safetensors")]
    public void Vectors_of_words_which_have_no_columns_are_written(string format)
    {
        (SavedModel saved, _) = OnnxFormatTests.Train("word2vec", "training.epochs=1 model.dimensions=4");
        string path = Path(format);

        IReadOnlyList<ExportedPart> parts = ExportFormat.Of(format).Write(path, saved, new ExportOptions());

        TensorFile.Read(path).Keys.ShouldBe(parts.Select(part => part.Name), ignoreOrder: true);
    }

    [Theory]
    [InlineData("npz")]
    [InlineData("safetensors")]
    public void Every_other_model_is_its_state_and_what_it_learned_by_name(string format)
    {
        (SavedModel saved, _) = OnnxFormatTests.Train("iris-kmeans", "");

        ExportFormat.Of(format).Write(Path(format), saved, new ExportOptions());
        IReadOnlyDictionary<string, FloatTensor> read = TensorFile.Read(Path(format));

        read["state"].Values.ShouldBe(saved.Model.State.Doubles.ToArray().Select(value => (float)value));
        read["centroids"].Shape.ShouldBe([3L, 4L]);
        read["inertia"].Shape.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("npz")]
    [InlineData("safetensors")]
    public void Equal_models_give_equal_files(string format)
    {
        (SavedModel saved, _) = OnnxFormatTests.Train("iris-pca", "");
        ExportFormat.Of(format).Write(Path(format), saved, new ExportOptions());
        byte[] first = File.ReadAllBytes(Path(format));
        ExportFormat.Of(format).Write(Path(format), saved, new ExportOptions());

        File.ReadAllBytes(Path(format)).ShouldBe(first);
    }

    // The layout as the format's own page describes it, written by hand.
    [Fact]
    public void A_safetensors_file_of_another_program_is_read()
    {
        byte[] file = Safetensors("""{"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"i":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},"y":{"dtype":"F64","shape":[1,1],"data_offsets":[16,24]}}""", 24);
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(file.Length - 24), 1.5f);
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(file.Length - 20), -2);
        BinaryPrimitives.WriteDoubleLittleEndian(file.AsSpan(file.Length - 8), 0.25);
        File.WriteAllBytes(Path("safetensors"), file);

        IReadOnlyDictionary<string, FloatTensor> read = TensorFile.Read(Path("safetensors"));

        read.Keys.ShouldBe(["x", "y"]);
        read["x"].Values.ShouldBe([1.5f, -2]);
        (read["y"].Values[0], read["y"].Shape.Count).ShouldBe((0.25f, 2));
    }

    [Theory]
    [InlineData("{ ", "a header of tensors")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "8 bytes of 'x'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[20,28]}}""", "8 bytes of 'x' within the file")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "sizes of at least 0")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "numbers in 'x'")]
    [InlineData("""{"x":{"dtype":"F32","shape":"2"}}""", "a header of tensors")]
    public void A_safetensors_file_that_is_not_sound_is_refused(string header, string wanted)
    {
        File.WriteAllBytes(Path("safetensors"), Safetensors(header, 24));

        Should.Throw<BadInputException>(() => TensorFile.Read(Path("safetensors"))).Message.ShouldContain(wanted);
    }

    [Theory]
    [InlineData("npz")]
    [InlineData("safetensors")]
    public void A_file_cut_short_at_any_byte_is_refused_or_left_whole(string format)
    {
        (SavedModel saved, _) = OnnxFormatTests.Train("iris-pca", "");
        ExportFormat.Of(format).Write(Path(format), saved, new ExportOptions());
        byte[] whole = File.ReadAllBytes(Path(format));
        for (int length = 0; length < whole.Length; length += 41)
        {
            File.WriteAllBytes(Path(format), whole[..length]);
            Should.Throw<BadInputException>(() => TensorFile.Read(Path(format)), $"{length} of {whole.Length} bytes");
        }
    }

    private string Path(string format) => System.IO.Path.Combine(_folder, $"model.{format}");

    private static byte[] Safetensors(string header, int numbers)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), file = new byte[8 + text.Length + numbers];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        return file;
    }
}

using Cluster.Ml.Data;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Tasks.Attacks;

namespace Cluster.Ml.Tests.Tasks.Attacks;

/// <summary>What an attack's tasks are to do, as a text.</summary>
public sealed class AttackOrderTests
{
    private static readonly AttackOrder s_order = new("pgd", new AttackSettings { Norm = Norm.L2, Epsilon = 0.1, Steps = 7, StepSize = 1e-300, Restarts = 2, With = "fgsm", Seed = ulong.MaxValue }, 300)
    {
        Model = new("/m/model.cluster", "aa"),
        Substitute = new("/m/other.cluster", "bb"),
        Others = [new("/m/third.cluster", "cc")],
        Rows = 19000,
        Low = -1.5,
        High = 2,
    };

    [Fact]
    public void It_is_read_as_it_was_written()
    {
        AttackOrder read = AttackOrder.Read(s_order.ToString());

        read.ToString().ShouldBe(s_order.ToString());
        (read.Attack, read.Settings, read.Model, read.Rows, read.High).ShouldBe((s_order.Attack, s_order.Settings, s_order.Model, s_order.Rows, s_order.High));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(128, 128)]
    [InlineData(129, 65)]
    [InlineData(300, 100)]
    public void Every_piece_belongs_to_one_task(int pieces, int tasks)
    {
        AttackOrder order = s_order with { Pieces = pieces };

        order.Tasks.ShouldBe(tasks);
        Enumerable.Range(0, order.Tasks).SelectMany(order.PiecesOf).ShouldBe(Enumerable.Range(0, pieces));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"attack\":\"invert\",\"pieces\":3,\"others\":[],\"seed\":1}")]
    [InlineData("{\"attack\":\"pgd\",\"pieces\":3,\"others\":[],\"seed\":1}")]
    [InlineData("{\"attack\":\"pgd\",\"pieces\":0,\"others\":[],\"seed\":1,\"model\":{\"path\":\"m\",\"sha256\":\"a\"}}")]
    [InlineData("{\"attack\":\"pgd\",\"pieces\":3,\"others\":[],\"seed\":1,\"norm\":\"l7\",\"model\":{\"path\":\"m\",\"sha256\":\"a\"}}")]
    public void Another_text_is_refused(string text) => Should.Throw<BadInputException>(() => AttackOrder.Read(text));

    [Fact]
    public void Results_of_other_pieces_are_refused()
    {
        byte[] two = AttackPieceKind.Pack([[1, 2], []]);

        AttackPieceKind.Unpack(two).Select(piece => piece.ToArray()).ShouldBe([[1, 2], []]);
        Should.Throw<InvalidDataException>(() => s_order.PiecesIn([two]));
        Should.Throw<InvalidDataException>(() => AttackPieceKind.Unpack(two.AsMemory(0, two.Length - 1)));
    }
}

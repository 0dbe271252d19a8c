namespace Cluster.Ml.Trees.Growth;

/// <summary>The nodes of the trees that grow side by side; the first are their roots.</summary>
/// <param name="numbers">[nodes, length].</param>
/// <param name="length">Numbers of one node.</param>
internal readonly ref struct NodeTable(Span<double> numbers, int length)
{
    private const int SumsStart = 11;

    private readonly Span<double> _numbers = numbers;

    public int Count => _numbers.Length / length;

    public Node this[int index] => new(_numbers.Slice(index * length, length));

    public static int LengthOf(int channels) => SumsStart + channels;

    /// <summary>The node that a row has come to, a leaf or one that waits.</summary>
    public int Find(int root, ReadOnlySpan<double> x)
    {
        int at = root;
        for (Node node = this[at]; node.IsSplit; node = this[at])
            at = (int)node.Left + (x[(int)node.Feature] <= node.Threshold ? 0 : 1);
        return at;
    }

    /// <summary>The same of a row's bins.</summary>
    public int Find(int root, ReadOnlySpan<byte> bins)
    {
        int at = root;
        for (Node node = this[at]; node.IsSplit; node = this[at])
            at = (int)node.Left + (bins[(int)node.Feature] <= node.Cut ? 0 : 1);
        return at;
    }

    /// <summary>The depth of the shallowest node that waits; −1 if none does.</summary>
    public int ShallowestWaiting(int count)
    {
        int least = -1;
        for (int i = 0; i < count; i++)
            if (this[i].IsWaiting && (least < 0 || this[i].Depth < least)) least = (int)this[i].Depth;
        return least;
    }

    /// <summary>One node: kind, feature, threshold, the bin below it, left child (the right one follows), parent + 1, depth, slot of its histogram + 1, rows, gain, value, sums.</summary>
    public readonly ref struct Node(Span<double> numbers)
    {
        private const double WaitingKind = 1, LeafKind = 2, SplitKind = 3;

        private readonly Span<double> _numbers = numbers;

        public bool Exists => _numbers[0] != 0;

        public bool IsWaiting => _numbers[0] == WaitingKind;

        public bool IsSplit => _numbers[0] == SplitKind;

        public ref double Feature => ref _numbers[1];

        public ref double Threshold => ref _numbers[2];

        public ref double Cut => ref _numbers[3];

        public ref double Left => ref _numbers[4];

        public ref double Parent => ref _numbers[5];

        public ref double Depth => ref _numbers[6];

        public ref double Slot => ref _numbers[7];

        /// <summary>Of a node that waits: columns drawn for it that are constant in it. No such node has a histogram that is kept.</summary>
        public ref double Tried => ref _numbers[7];

        public ref double Rows => ref _numbers[8];

        public ref double Gain => ref _numbers[9];

        public ref double Value => ref _numbers[10];

        public Span<double> Sums => _numbers[SumsStart..];

        public void Wait() => _numbers[0] = WaitingKind;

        /// <summary>Splits no further.</summary>
        public void Close()
        {
            _numbers[0] = LeafKind;
            _numbers.Slice(1, 4).Clear();
            (Slot, Gain) = (0, 0);
        }

        public void Split(in Split split, int left)
        {
            _numbers[0] = SplitKind;
            (Feature, Threshold, Cut, Left, Slot, Gain) = (split.Feature, split.Threshold, split.Bin, left, 0, split.Gain);
        }

        public void Remove() => _numbers.Clear();
    }
}

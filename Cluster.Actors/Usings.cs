global using System.Collections.Concurrent;
global using System.Collections.Immutable;
global using System.Diagnostics.CodeAnalysis;
global using System.Globalization;
global using Cluster.Actors.Events;

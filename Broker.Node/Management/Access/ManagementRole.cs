namespace Broker.Node.Management.Access;

/// <summary>What the holder of a token may do.</summary>
internal enum ManagementRole
{
    /// <summary>Look at everything.</summary>
    Viewer,

    /// <summary>And change it.</summary>
    Operator,
}

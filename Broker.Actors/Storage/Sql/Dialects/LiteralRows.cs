using System.Globalization;
using System.Text;
using Broker.Actors.Storage.Sql.Writing;

namespace Broker.Actors.Storage.Sql.Dialects;

/// <summary>
/// Rows as text, for databases whose parameters would cost more: numbers, and bytes in hexadecimal. No text of a client is ever in it.
/// </summary>
internal sealed class LiteralRows(string bytesPrefix, string bytesSuffix)
{
    private readonly StringBuilder _text = new();

    /// <summary>Starts a statement.</summary>
    public LiteralRows Begin(string text)
    {
        _text.Clear().Append(text);
        return this;
    }

    public LiteralRows Append(string text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary><c>(1,NULL,X'00'),(…)</c></summary>
    public LiteralRows AppendRows(RowSet rows)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            _text.Append(row == 0 ? "(" : ",(");
            for (var i = 0; i < rows.Columns.Length; i++)
            {
                if (i > 0)
                {
                    _text.Append(',');
                }

                AppendValue(rows.Columns[i], row);
            }

            _text.Append(')');
        }

        return this;
    }

    public void AppendValue(RowColumn column, int row)
    {
        var number = column.Numbers is { } numbers ? numbers[row] : column.OptionalNumbers?[row];
        if (number is { } value)
        {
            _text.Append(CultureInfo.InvariantCulture, $"{value}");
        }
        else if (column.Bytes?[row] is { } bytes)
        {
            _text.Append(bytesPrefix).Append(Convert.ToHexString(bytes)).Append(bytesSuffix);
        }
        else
        {
            _text.Append("NULL");
        }
    }

    /// <summary>The statement.</summary>
    public override string ToString() => _text.ToString();
}

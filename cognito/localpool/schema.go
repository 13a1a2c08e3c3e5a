package localpool

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// schemaAttribute is SchemaAttributeType. In a pool its Name is the one by which users have it:
// that of a custom attribute begins with "custom:".
type schemaAttribute struct {
	Name                       string
	AttributeDataType          string
	DeveloperOnlyAttribute     bool
	Mutable                    bool
	Required                   bool
	NumberAttributeConstraints *numberConstraints `json:",omitempty"`
	StringAttributeConstraints *stringConstraints `json:",omitempty"`
}

// The limits are text on the wire; an empty one is none.
type (
	numberConstraints struct {
		MinValue string `json:",omitempty"`
		MaxValue string `json:",omitempty"`
	}
	stringConstraints struct {
		MinLength string `json:",omitempty"`
		MaxLength string `json:",omitempty"`
	}
)

const customPrefix = "custom:"

// standardSchema is what every pool has from the start ("API reference, CreateUserPool", its example).
func standardSchema() []schemaAttribute {
	schema := []schemaAttribute{
		{Name: "sub", AttributeDataType: "String", Required: true,
			StringAttributeConstraints: &stringConstraints{"1", "2048"}},
	}
	for _, name := range []string{
		"name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website",
		"email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number", "phone_number_verified",
		"address",
		"updated_at", "identities",
	} {
		a := schemaAttribute{Name: name, AttributeDataType: "String", Mutable: true}
		switch {
		case strings.HasSuffix(name, "_verified"):
			a.AttributeDataType = "Boolean"
		case name == "updated_at":
			a.AttributeDataType, a.NumberAttributeConstraints = "Number", &numberConstraints{MinValue: "0"}
		case name == "birthdate":
			a.StringAttributeConstraints = &stringConstraints{"10", "10"}
		case name == "identities":
			a.StringAttributeConstraints = &stringConstraints{}
		default:
			a.StringAttributeConstraints = &stringConstraints{"0", "2048"}
		}
		schema = append(schema, a)
	}
	return schema
}

func (p *pool) schemaOf(name string) *schemaAttribute {
	for i := range p.schema {
		if p.schema[i].Name == name {
			return &p.schema[i]
		}
	}
	return nil
}

// schemaInput is SchemaAttributeType as it is given, where absent differs from false.
type schemaInput struct {
	Name                       string
	AttributeDataType          string
	DeveloperOnlyAttribute     bool
	Mutable                    *bool
	Required                   bool
	NumberAttributeConstraints *numberConstraints
	StringAttributeConstraints *stringConstraints
}

var attributeTypes = []string{"String", "Number", "DateTime", "Boolean"}

// withSchema returns the pool's schema with the attributes of in: standard ones are changed, where
// that is allowed, others are custom ones that are added. The texts of its refusals are ours.
func (p *pool) withSchema(in []schemaInput, standard bool) ([]schemaAttribute, error) {
	next := pool{schema: slices.Clone(p.schema)}
	for _, a := range in {
		var v checks
		v.member("schema.name", a.Name, usernamePattern, 1, 20)
		v.oneOf("schema.attributeDataType", a.AttributeDataType, attributeTypes)
		if err := v.err(); err != nil {
			return nil, err
		}
		if a.DeveloperOnlyAttribute {
			return nil, invalidParameter("%s: DeveloperOnlyAttribute is not supported by this server; use WriteAttributes of "+
				"app clients", a.Name)
		}
		if err := a.checkLimits(standard && next.schemaOf(a.Name) != nil); err != nil {
			return nil, err
		}
		if old := next.schemaOf(a.Name); old != nil && standard {
			if a.AttributeDataType != "" && a.AttributeDataType != old.AttributeDataType {
				return nil, invalidParameter("You can not change AttributeDataType or set developerOnlyAttribute for standard "+
					"schema attribute %s", a.Name)
			}
			if a.Name == "sub" || old.AttributeDataType == "Boolean" {
				continue
			}
			old.Required = a.Required
			if a.Mutable != nil {
				old.Mutable = *a.Mutable
			}
			if a.StringAttributeConstraints != nil {
				old.StringAttributeConstraints = a.StringAttributeConstraints
			}
			if a.NumberAttributeConstraints != nil {
				old.NumberAttributeConstraints = a.NumberAttributeConstraints
			}
			continue
		}
		name := customPrefix + a.Name
		switch {
		case next.schemaOf(name) != nil:
			return nil, invalidParameter("%s: Existing attribute already has name %s.", name, name)
		case a.Required:
			return nil, invalidParameter("Required custom attributes are not supported currently.")
		}
		if a.AttributeDataType == "" {
			a.AttributeDataType = "String"
		}
		next.schema = append(next.schema, schemaAttribute{
			Name: name, AttributeDataType: a.AttributeDataType, Mutable: a.Mutable == nil || *a.Mutable,
			NumberAttributeConstraints: a.NumberAttributeConstraints, StringAttributeConstraints: a.StringAttributeConstraints,
		})
	}
	return next.schema, nil
}

// checkLimits wants the limits of values to be integers, and to leave some.
func (in *schemaInput) checkLimits(standard bool) error {
	name := customPrefix + in.Name
	if standard {
		name = in.Name
	}
	var limits [][2]string
	if c := in.StringAttributeConstraints; c != nil {
		limits = append(limits, [2]string{c.MinLength, c.MaxLength})
	}
	if c := in.NumberAttributeConstraints; c != nil {
		limits = append(limits, [2]string{c.MinValue, c.MaxValue})
	}
	for _, l := range limits {
		var values [2]int64
		for i, text := range l {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil && text != "" {
				return invalidParameter("%s: The limit %q is not an integer", name, text)
			}
			values[i] = n
		}
		if l[0] != "" && l[1] != "" && values[0] > values[1] {
			return invalidParameter("%s: The limit %s is above %s", name, l[0], l[1])
		}
	}
	return nil
}

// required are the names of the attributes that every user must have. Cognito sees to sub.
func (p *pool) required() []string {
	var names []string
	for _, a := range p.schema {
		if a.Required && a.Name != "sub" {
			names = append(names, a.Name)
		}
	}
	return names
}

var (
	phonePattern = newPattern(`^\+[1-9][0-9]{0,14}$`)
	datePattern  = newPattern(`^\d{4}-\d{2}-\d{2}([T ].*)?$`)
)

// checkAttributes wants every attribute to be in the schema and every value to fit it. An empty
// value fits anywhere: it takes the attribute away. Where the text of the service is known it is
// that: amplify-flutter#509 for what is not in the schema.
func (p *pool) checkAttributes(given []attribute) error {
	problems := ""
	for _, a := range given {
		schema := p.schemaOf(a.Name)
		if schema == nil {
			problems += a.Name + ": Attribute does not exist in the schema.\n"
		} else if problem := schema.problem(a.Value); problem != "" {
			problems += a.Name + ": " + problem + "\n"
		}
	}
	if problems != "" {
		return invalidParameter("Attributes did not conform to the schema: %s", problems)
	}
	for _, a := range given {
		switch {
		case a.Value == "":
		case a.Name == "email" && !looksLikeEmail(a.Value):
			return errEmailFormat
		case a.Name == "phone_number" && !phonePattern().MatchString(a.Value):
			return errPhoneFormat
		}
	}
	return nil
}

// problem is what is wrong with a value, or empty. The texts are ours.
func (a *schemaAttribute) problem(value string) string {
	if value == "" {
		return ""
	}
	below := func(n float64, limit string) bool {
		l, err := strconv.ParseFloat(limit, 64)
		return err == nil && n < l
	}
	above := func(n float64, limit string) bool {
		l, err := strconv.ParseFloat(limit, 64)
		return err == nil && n > l
	}
	switch a.AttributeDataType {
	case "Number":
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return "The value is not a number."
		}
		if c := a.NumberAttributeConstraints; c != nil && (below(float64(n), c.MinValue) || above(float64(n),
			c.MaxValue)) {
			return fmt.Sprintf("The number must be between %s and %s.", orNone(c.MinValue), orNone(c.MaxValue))
		}
	case "Boolean":
		if !isTrue(value) && !strings.EqualFold(value, "false") {
			return "The value is neither true nor false."
		}
	case "DateTime":
		if !datePattern().MatchString(value) {
			return "The value is not a date of ISO 8601."
		}
	default:
		n := float64(utf8.RuneCountInString(value))
		if c := a.StringAttributeConstraints; c != nil && (below(n, c.MinLength) || above(n, c.MaxLength)) {
			return fmt.Sprintf("The length must be between %s and %s.", orNone(c.MinLength), orNone(c.MaxLength))
		}
	}
	return ""
}

func orNone(limit string) string {
	if limit == "" {
		return "any"
	}
	return limit
}

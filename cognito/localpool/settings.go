package localpool

import (
	"encoding/json"
	"slices"
)

// poolSettings is what CreateUserPool and UpdateUserPool have in common, and what DescribeUserPool
// gives back. An update that leaves a setting out returns it to its default ("API reference,
// UpdateUserPool").
type poolSettings struct {
	Policies                    *policies                `json:",omitempty"`
	MfaConfiguration            string                   `json:",omitempty"`
	AutoVerifiedAttributes      []string                 `json:",omitempty"`
	DeletionProtection          string                   `json:",omitempty"`
	AdminCreateUserConfig       *adminCreateUserConfig   `json:",omitempty"`
	AccountRecoverySetting      *accountRecoverySetting  `json:",omitempty"`
	DeviceConfiguration         *deviceConfiguration     `json:",omitempty"`
	UserAttributeUpdateSettings *attributeUpdateSettings `json:",omitempty"`
	keptPoolSettings
	refusedPoolSettings
}

// keptPoolSettings are given back and have no effect here, where nobody is written to in earnest.
type keptPoolSettings struct {
	SmsConfiguration            *smsConfiguration    `json:",omitempty"` // but that it allows MFA when a pool is made
	EmailConfiguration          *emailConfiguration  `json:",omitempty"`
	SmsVerificationMessage      string               `json:",omitempty"`
	EmailVerificationMessage    string               `json:",omitempty"`
	EmailVerificationSubject    string               `json:",omitempty"`
	SmsAuthenticationMessage    string               `json:",omitempty"`
	VerificationMessageTemplate *verificationMessage `json:",omitempty"`
	UserPoolTags                map[string]string    `json:",omitempty"`
	UserPoolTier                string               `json:",omitempty"`
}

type (
	smsConfiguration struct {
		SnsCallerArn string
		ExternalId   string `json:",omitempty"`
		SnsRegion    string `json:",omitempty"`
	}
	emailConfiguration struct {
		SourceArn           string `json:",omitempty"`
		ReplyToEmailAddress string `json:",omitempty"`
		EmailSendingAccount string `json:",omitempty"`
		From                string `json:",omitempty"`
		ConfigurationSet    string `json:",omitempty"`
	}
	verificationMessage struct {
		SmsMessage         string `json:",omitempty"`
		EmailMessage       string `json:",omitempty"`
		EmailSubject       string `json:",omitempty"`
		EmailMessageByLink string `json:",omitempty"`
		EmailSubjectByLink string `json:",omitempty"`
		DefaultEmailOption string `json:",omitempty"`
	}
	messageTemplate struct {
		SMSMessage   string `json:",omitempty"`
		EmailMessage string `json:",omitempty"`
		EmailSubject string `json:",omitempty"`
	}
)

func (in *keptPoolSettings) check(v *checks) {
	v.optional("smsVerificationMessage", in.SmsVerificationMessage, smsPattern, 6, 140)
	v.optional("smsAuthenticationMessage", in.SmsAuthenticationMessage, smsPattern, 6, 140)
	v.optional("emailVerificationMessage", in.EmailVerificationMessage, emailPattern, 6, 20000)
	v.optional("emailVerificationSubject", in.EmailVerificationSubject, subjectPattern, 1, 140)
	v.oneOf("userPoolTier", in.UserPoolTier, []string{"LITE", "ESSENTIALS", "PLUS"})
	if c := in.SmsConfiguration; c != nil {
		v.member("smsConfiguration.snsCallerArn", c.SnsCallerArn, arnPattern, 20, 2048)
	}
	if c := in.EmailConfiguration; c != nil {
		v.optional("emailConfiguration.sourceArn", c.SourceArn, arnPattern, 20, 2048)
		v.oneOf("emailConfiguration.emailSendingAccount", c.EmailSendingAccount, []string{"COGNITO_DEFAULT", "DEVELOPER"})
	}
	if t := in.VerificationMessageTemplate; t != nil {
		v.optional("verificationMessageTemplate.smsMessage", t.SmsMessage, smsPattern, 6, 140)
		v.optional("verificationMessageTemplate.emailMessage", t.EmailMessage, emailPattern, 6, 20000)
		v.optional("verificationMessageTemplate.emailSubject", t.EmailSubject, subjectPattern, 1, 140)
		v.oneOf("verificationMessageTemplate.defaultEmailOption", t.DefaultEmailOption,
			[]string{"CONFIRM_WITH_LINK", "CONFIRM_WITH_CODE"})
	}
}

// refusedPoolSettings would change what the pool does in ways that are not here.
type refusedPoolSettings struct {
	LambdaConfig   map[string]json.RawMessage `json:",omitempty"`
	UserPoolAddOns *userPoolAddOns            `json:",omitempty"`
}

type (
	userPoolAddOns        struct{ AdvancedSecurityMode string }
	adminCreateUserConfig struct {
		AllowAdminCreateUserOnly  bool
		UnusedAccountValidityDays int              `json:",omitempty"` // the old name of TemporaryPasswordValidityDays
		InviteMessageTemplate     *messageTemplate `json:",omitempty"` // kept
	}
	accountRecoverySetting  struct{ RecoveryMechanisms []recoveryMechanism }
	attributeUpdateSettings struct {
		AttributesRequireVerificationBeforeUpdate []string
	}
	recoveryMechanism struct {
		Priority int
		Name     string
	}
)

var recoveryNames = []string{"verified_email", "verified_phone_number", "admin_only"}

func (in *poolSettings) check(v *checks) error {
	in.keptPoolSettings.check(v)
	if in.Policies != nil {
		if p := in.Policies.PasswordPolicy; p != nil {
			v.between("policies.passwordPolicy.minimumLength", orNil(p.MinimumLength), 6, 99)
			v.between("policies.passwordPolicy.temporaryPasswordValidityDays", &p.TemporaryPasswordValidityDays, 0, 365)
			v.between("policies.passwordPolicy.passwordHistorySize", &p.PasswordHistorySize, 0, 24)
		}
	}
	if c := in.AdminCreateUserConfig; c != nil {
		v.between("adminCreateUserConfig.unusedAccountValidityDays", &c.UnusedAccountValidityDays, 0, 365)
	}
	v.oneOf("mfaConfiguration", in.MfaConfiguration, mfaModes)
	v.oneOf("deletionProtection", in.DeletionProtection, []string{"ACTIVE", "INACTIVE"})
	for _, a := range in.AutoVerifiedAttributes {
		v.oneOf("autoVerifiedAttributes", a, contacts)
	}
	if s := in.UserAttributeUpdateSettings; s != nil {
		for _, a := range s.AttributesRequireVerificationBeforeUpdate {
			v.oneOf("userAttributeUpdateSettings.attributesRequireVerificationBeforeUpdate", a, contacts)
		}
	}
	if s := in.AccountRecoverySetting; s != nil {
		for _, m := range s.RecoveryMechanisms {
			v.oneOf("accountRecoverySetting.recoveryMechanisms.name", m.Name, recoveryNames)
			v.between("accountRecoverySetting.recoveryMechanisms.priority", &m.Priority, 1, 2)
		}
	}
	if err := v.err(); err != nil {
		return err
	}
	switch {
	case len(in.LambdaConfig) > 0:
		return unsupported("LambdaConfig: nothing is executed. A seed can describe the question of CUSTOM_AUTH")
	case in.UserPoolAddOns != nil && in.UserPoolAddOns.AdvancedSecurityMode != "OFF":
		return unsupported("UserPoolAddOns: there is no threat protection")
	case in.Policies != nil && in.Policies.PasswordPolicy != nil && in.Policies.PasswordPolicy.PasswordHistorySize > 0:
		return unsupported("PasswordHistorySize: old passwords are not kept")
	case in.DeviceConfiguration != nil && in.DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt:
		return unsupported("DeviceOnlyRememberedOnUserPrompt: a confirmed device is remembered")
	}
	return nil
}

// unsupported refuses a setting that Cognito has. The text is ours.
func unsupported(what string) error {
	return invalidParameter("This local user pool does not support %s.", what)
}

func orNil(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// configure gives the pool these settings, or the defaults of those that are absent. What is wrong
// with them is reported together with v.
func (p *pool) configure(v checks, in *poolSettings) error {
	if err := in.check(&v); err != nil {
		return err
	}
	next := *p
	next.policy, next.firstFactors = defaultPolicy, firstFactors[:1]
	if c := in.AdminCreateUserConfig; c != nil && c.UnusedAccountValidityDays != 0 {
		next.policy.TemporaryPasswordValidityDays = c.UnusedAccountValidityDays
	}
	days := next.policy.TemporaryPasswordValidityDays
	if in.Policies != nil {
		if given := in.Policies.PasswordPolicy; given != nil {
			next.policy = *given
			if next.policy.MinimumLength == 0 {
				next.policy.MinimumLength = defaultPolicy.MinimumLength
			}
			if next.policy.TemporaryPasswordValidityDays == 0 {
				next.policy.TemporaryPasswordValidityDays = days
			}
		}
		if given := in.Policies.SignInPolicy; given != nil && len(given.AllowedFirstAuthFactors) > 0 {
			next.firstFactors = given.AllowedFirstAuthFactors
		}
	}
	if err := next.checkFirstFactors(v); err != nil {
		return err
	}
	next.mfa = mfaOff
	if in.MfaConfiguration != "" {
		next.mfa = in.MfaConfiguration
	}
	if in.SmsConfiguration != nil && next.mfa != mfaOff && !next.offers(smsMFA) {
		next.factors = append(slices.Clone(next.factors), smsMFA)
	}
	if next.mfa != mfaOff && len(next.factors) == 0 {
		return errSMSFirst
	}
	next.autoVerified = in.AutoVerifiedAttributes
	next.deletionProtected = in.DeletionProtection == "ACTIVE"
	next.adminCreate, next.recovery, next.kept = in.AdminCreateUserConfig, nil, in.keptPoolSettings
	if s := in.AccountRecoverySetting; s != nil {
		next.recovery = slices.SortedStableFunc(slices.Values(s.RecoveryMechanisms), func(a,
			b recoveryMechanism) int {
			return a.Priority - b.Priority
		})
	}
	next.verifyFirst = nil
	if s := in.UserAttributeUpdateSettings; s != nil {
		next.verifyFirst = s.AttributesRequireVerificationBeforeUpdate
	}
	next.devices = in.DeviceConfiguration
	*p = next
	return nil
}

// settings is the reverse of configure.
func (p *pool) settings() poolSettings {
	policy := p.policy
	s := poolSettings{
		Policies:               &policies{&policy, &signInPolicy{p.firstFactors}},
		MfaConfiguration:       p.mfa,
		AutoVerifiedAttributes: p.autoVerified,
		DeletionProtection:     "INACTIVE",
		AdminCreateUserConfig:  p.adminCreate,
		DeviceConfiguration:    p.devices,
		keptPoolSettings:       p.kept,
	}
	if p.deletionProtected {
		s.DeletionProtection = "ACTIVE"
	}
	if p.recovery != nil {
		s.AccountRecoverySetting = &accountRecoverySetting{p.recovery}
	}
	if p.verifyFirst != nil {
		s.UserAttributeUpdateSettings = &attributeUpdateSettings{p.verifyFirst}
	}
	return s
}

// recoveryAttributes are those whose verified address gets the code that resets a password, best
// first. Without AccountRecoverySetting SMS goes before email ("API reference, CreateUserPool").
func (p *pool) recoveryAttributes() []string {
	if p.recovery == nil {
		return contacts
	}
	var names []string
	for _, m := range p.recovery {
		switch m.Name {
		case "verified_email":
			names = append(names, "email")
		case "verified_phone_number":
			names = append(names, "phone_number")
		}
	}
	return names
}

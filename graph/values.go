package graph

import "strings"

// A Value is one of the canonical values that stand for data types, methods
// and remedies.
type Value struct {
	Name  string // the contract's word, the key of its node
	Label string // in words
	// Attack is the technique of MITRE ATT&CK that comes closest; empty where
	// none means the same.
	Attack string
}

// DataTypes returns the kinds of data that can be exposed.
func DataTypes() []Value {
	return values(`name; date_of_birth; address; phone_number; email_address; username; password; security_question;
		pin=PIN; ssn=Social Security number; national_id=national ID; drivers_license=driver's license; passport; tax_id=tax ID;
		payment_card; cvv=CVV; bank_account; financial=financial data; health=health data; insurance=insurance data;
		biometric=biometric data; genetic=genetic data; employment=employment data; education=education data;
		location=location data; ip_address=IP address; device_id=device ID; messages; photos; browsing=browsing history;
		purchase_history; source_code; trade_secret; credentials; customer_record; voter_record; other=other data`)
}

// Methods returns the ways in which breaches happen, with their technique of
// MITRE ATT&CK where one means the same.
func Methods() []Value {
	return values(`phishing=phishing=T1566; stolen_credentials=stolen credentials=T1078;
		credential_stuffing=credential stuffing=T1110.004; brute_force=brute force=T1110;
		vulnerability_exploit=exploited vulnerability=T1190; sql_injection=SQL injection; misconfiguration; malware;
		ransomware=ransomware=T1486; skimming; insider; third_party=third party=T1199; social_engineering;
		sim_swap=SIM swap=T1451; ddos=DDoS=T1498; physical_theft; accidental_disclosure; web_scraping;
		unauthorised_access; other=other method`)
}

// Remedies returns what is offered to those affected.
func Remedies() []Value {
	return values(`identity_protection; credit_monitoring; password_reset; card_replacement; account_lock; compensation;
		notification; hotline; patch; other=other remedy`)
}

// values reads "name=label=technique" parted by semicolons. A label that is
// left out is the name with spaces.
func values(table string) []Value {
	var out []Value
	for row := range strings.SplitSeq(table, ";") {
		name, rest, _ := strings.Cut(strings.TrimSpace(row), "=")
		label, attack, _ := strings.Cut(rest, "=")
		if label == "" {
			label = strings.ReplaceAll(name, "_", " ")
		}
		out = append(out, Value{Name: name, Label: label, Attack: attack})
	}
	return out
}
